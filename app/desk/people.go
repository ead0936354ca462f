package desk

import (
	"slices"
	"strings"

	"handback/app/fault"
	"handback/app/words"
)

// Role is what a person may do. The texts are desk.role.ROLE.
type Role string

// The roles.
const (
	Agent         Role = "agent"         // sees requests and decides about them
	Auditor       Role = "auditor"       // sees everything, changes nothing
	Administrator Role = "administrator" // does what agents do; profiles and people
)

// Roles returns all roles.
func Roles() []Role { return []Role{Agent, Auditor, Administrator} }

// Right is one thing that a role may do or not.
type Right string

// The rights.
const (
	See    Right = "see"    // what waits and the history, and export it
	Decide Right = "decide" // confirm, refuse, ask and send again
	Audit  Right = "audit"  // see who did what
	Manage Right = "manage" // profiles and people
)

var rights = map[Role][]Right{
	Agent:         {See, Decide},
	Auditor:       {See, Audit},
	Administrator: {See, Decide, Audit, Manage},
}

// May reports whether the role has a right. A role that does not exist has none.
func (r Role) May(right Right) bool { return slices.Contains(rights[r], right) }

// maxName is the longest name, in bytes.
const maxName = 100

// ErrPersonName means that a name cannot be used: it is empty, too long, or has characters that
// cannot be seen.
var ErrPersonName = fault.New(fault.Usage, "desk.name")

// ErrRole means that there is no such role.
var ErrRole = fault.New(fault.Usage, "desk.role")

// NewPerson returns a person with what handback/app/desk/password made of a password, or, if that is
// empty, one who logs in by OpenID Connect alone. It fails with [ErrPersonName] or [ErrRole].
func NewPerson(name string, role Role, hash string) (Person, error) {
	p := Person{Name: NormalName(name), Role: role, Password: hash}
	if p.Name == "" || len(p.Name) > maxName || words.Visible(p.Name, maxName) != p.Name {
		return Person{}, ErrPersonName
	}
	if !slices.Contains(Roles(), role) {
		return Person{}, ErrRole
	}
	return p, nil
}

// NormalName returns a name as it is stored: in lower case, without spaces around it.
func NormalName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
