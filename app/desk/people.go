package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

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

// The shortest password, in characters, and the longest name and password, in bytes.
const (
	MinPassword = 12
	maxPassword = 1024
	maxName     = 100
)

// ErrPersonName means that a name cannot be used: it is empty, too long, or has characters that
// cannot be seen.
var ErrPersonName = fault.New(fault.Usage, "desk.name")

// ErrPassword means that a password is too short or too long.
var ErrPassword = fault.New(fault.Usage, "desk.password", "least", MinPassword)

// ErrRole means that there is no such role.
var ErrRole = fault.New(fault.Usage, "desk.role")

// NewPerson returns a person with a password, or, if that is empty, one who logs in by
// OpenID Connect alone. It fails with [ErrPersonName], [ErrRole] or [ErrPassword].
func NewPerson(name string, role Role, password string) (Person, error) {
	p := Person{Name: NormalName(name), Role: role}
	if p.Name == "" || len(p.Name) > maxName || words.Visible(p.Name, maxName) != p.Name {
		return Person{}, ErrPersonName
	}
	if !slices.Contains(Roles(), role) {
		return Person{}, ErrRole
	}
	if password == "" {
		return p, nil
	}
	if utf8.RuneCountInString(password) < MinPassword || len(password) > maxPassword {
		return Person{}, ErrPassword
	}
	p.Password = hashPassword(password)
	return p, nil
}

// NormalName returns a name as it is stored: in lower case, without spaces around it.
func NormalName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Parameters of argon2id as RFC 9106, section 4, recommends them where memory is scarce, and
// sizes in bytes.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	saltSize     = 16
	keySize      = 32
)

// hashing bounds how many passwords are hashed at the same time: each takes 64 MiB.
var hashing = make(chan struct{}, 2)

func derive(password string, salt []byte) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keySize)
}

// hashPassword returns what argon2id makes of a password and a new salt, in the usual form
// $argon2id$v=19$m=…,t=…,p=…$SALT$KEY, salt and key in base64.
func hashPassword(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // does not fail
	return formatHash(salt, derive(password, salt))
}

// parameters is how a hash begins that hashPassword makes.
var parameters = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)

func formatHash(salt, key []byte) string {
	return parameters + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key)
}

// nobody is a hash that no password has: a name that does not exist takes as long as one
// that does.
var nobody = formatHash(make([]byte, saltSize), make([]byte, keySize))

// CheckPassword reports whether a password is the person's. It takes the same time for a
// person without a password, such as the zero Person.
func (p Person) CheckPassword(password string) bool {
	hash := p.Password
	if hash == "" || len(password) > maxPassword {
		hash, password = nobody, ""
	}
	rest, ok := strings.CutPrefix(hash, parameters)
	one, other, _ := strings.Cut(rest, "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(one)
	key, err2 := base64.RawStdEncoding.DecodeString(other)
	if !ok || err1 != nil || err2 != nil || len(key) != keySize {
		return false
	}
	same := subtle.ConstantTimeCompare(derive(password, salt), key) == 1
	return same && p.Password != ""
}
