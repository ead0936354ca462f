// Package desk stores what a desk of several people has beside the journal: the requests
// that wait for somebody's decision, the people with their roles and sessions, how often
// a visitor came, and who did what.
//
// A [Store] keeps all of it. [Files] is one for a single program, in a folder; package
// handback/app/postgres has one for several programs behind a load balancer. No Store
// has a secret in clear: of a session and of a visitor's address it has digests, of a
// password what argon2id makes of it.
package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"time"

	"handback/app/fault"
)

// Errors to compare with.
var (
	// ErrNone means that nothing of that name is stored.
	ErrNone = fault.New(fault.Usage, "desk.none")
	// ErrFull means that as many requests wait as may.
	ErrFull = fault.New(fault.Connection, "desk.full")
	// ErrAddressFull means that as many requests from one address wait as may.
	ErrAddressFull = fault.New(fault.Connection, "desk.address_full")
	// ErrDecided means that somebody else has decided about the request.
	ErrDecided = fault.New(fault.Usage, "desk.decided")
	// ErrSent means that a request was sent, and may have released its license.
	ErrSent = fault.New(fault.Usage, "desk.sent")
	// ErrProfileExists means that there is one of that name.
	ErrProfileExists = fault.New(fault.Usage, "desk.exists")
	// ErrLastAdministrator means that nobody would be left who may change people.
	ErrLastAdministrator = fault.New(fault.Usage, "desk.last_administrator")
	// ErrUnavailable means that the store cannot be read or written.
	ErrUnavailable = fault.New(fault.Connection, "desk.unavailable")
)

// Store keeps what a desk has beside the journal. Several goroutines use it at the same
// time, and a database's Store several programs. Its errors are those above, with
// [ErrUnavailable] for all others.
type Store interface {
	// File stores a filing, or adds the visitors of f to the one that is there already. It
	// returns what is stored, and fails with ErrFull if at most others wait already, or with
	// ErrAddressFull if each others from the same address do.
	File(ctx context.Context, f Filing, most, each int) (Filing, error)
	// Filing returns the filing of a request, by its ID, or fails with ErrNone.
	Filing(ctx context.Context, id string) (Filing, error)
	// Waiting returns the filings that are not settled, the oldest first, at most limit.
	Waiting(ctx context.Context, limit int) ([]Filing, error)
	// Decide stores a decision about a filing and returns the filing. It fails with
	// ErrDecided, and returns the filing, if there is another decision. A refusal settles it.
	Decide(ctx context.Context, id string, d Decision) (Filing, error)
	// Tried notes that a confirmed filing's request was sent, which settles it, or why it was
	// not. It fails with ErrNone.
	Tried(ctx context.Context, id, trouble string) error
	// Reopen takes a decision back, so that the filing waits for another one, and returns the
	// filing. It fails with ErrNone.
	Reopen(ctx context.Context, id string) (Filing, error)
	// Filings returns all filings, those that are not settled first.
	Filings(ctx context.Context) iter.Seq2[Filing, error]

	// Person returns the person of a name, or fails with ErrNone.
	Person(ctx context.Context, name string) (Person, error)
	// People returns all people, by name.
	People(ctx context.Context) ([]Person, error)
	// FirstPerson stores a person if there are no people yet, and reports whether it did.
	// Before is called first, if so, while nobody else can do the same; if it fails, nothing
	// is stored and its error is returned.
	FirstPerson(ctx context.Context, p Person, before func() error) (bool, error)
	// SavePerson stores a person, replacing the one of the same name. It fails with
	// ErrLastAdministrator instead of leaving no administrator.
	SavePerson(ctx context.Context, p Person) error
	// RemovePerson removes a person and ends the person's sessions. It fails as SavePerson
	// does, or with ErrNone.
	RemovePerson(ctx context.Context, name string) error

	// StartSession stores a session.
	StartSession(ctx context.Context, s Session) error
	// Session returns the session of a token's digest, or fails with ErrNone. One that has
	// ended by now is none.
	Session(ctx context.Context, digest string, now time.Time) (Session, error)
	// EndSession removes a session.
	EndSession(ctx context.Context, digest string) error
	// EndSessions removes all sessions of a person.
	EndSessions(ctx context.Context, person string) error

	// Count counts some visits under a key, and reports whether the limit allows them beside
	// those of the same kind, key and window. If not, it stores nothing. A negative count
	// takes visits back.
	Count(ctx context.Context, l Limit, key string, count int, now time.Time) (bool, error)

	// Profiles returns the texts of the profiles that were added at the desk, by name.
	Profiles(ctx context.Context) ([]Profile, error)
	// AddProfile stores a profile. It fails with ErrProfileExists if there is one of that name.
	AddProfile(ctx context.Context, p Profile) error
	// RemoveProfile removes a profile, or fails with ErrNone.
	RemoveProfile(ctx context.Context, name string) error

	// BindSecret stores to which destination the secret of a name belongs, unless it belongs
	// to one, and returns the one that is stored.
	BindSecret(ctx context.Context, name, destination string) (string, error)
	// UnbindSecret removes the destination of a secret, or fails with ErrNone.
	UnbindSecret(ctx context.Context, name string) error

	// Note adds an action. There is no way to change or remove one.
	Note(ctx context.Context, a Action) error
	// Actions returns a page of the actions that a query chooses, the last first.
	Actions(ctx context.Context, q ActionQuery) (ActionPage, error)

	// Ready fails with ErrUnavailable if the store cannot be used now.
	Ready(ctx context.Context) error
	// Close frees what the store holds.
	Close() error
}

// Filing is a request that was brought to the desk and waits for somebody's decision.
type Filing struct {
	ID      string    `json:"id"`      // of the request in the journal: journal.ID
	Request string    `json:"request"` // as it is carried, in base64
	At      time.Time `json:"at"`      // when it came first, UTC
	// From is the digest of the address from which it came first; empty: it is not known, or
	// the filing is settled.
	From string `json:"from,omitempty"`
	// Visitors are the digests of the tokens by which those who brought it come back; see
	// [Digest]. The oldest is dropped when there are more than ten.
	Visitors []string `json:"visitors"`
	Decision Decision `json:"decision,omitzero"` // zero: nobody has decided
	// Settled says that nothing more has to be done: it was refused, or confirmed and sent.
	Settled bool `json:"settled,omitzero"`
	// Trouble is why it was confirmed and not sent, when that was tried last.
	Trouble string `json:"trouble,omitzero"`
}

const maxVisitors = 10

// WithVisitors adds the visitors of another filing of the same request.
func (f Filing) WithVisitors(more []string) Filing {
	all := append(slices.Clone(f.Visitors), more...)
	f.Visitors = all[max(0, len(all)-maxVisitors):]
	return f
}

// IsVisitor reports whether a token is one of those by which the filing's visitors come
// back.
func (f Filing) IsVisitor(token string) bool { return slices.Contains(f.Visitors, Digest(token)) }

// Decision is what somebody at the desk decided about a request.
type Decision struct {
	Confirmed bool      `json:"confirmed"`        // to be signed and sent; otherwise it is refused
	Reason    string    `json:"reason,omitempty"` // why it was refused, for the visitor
	By        string    `json:"by"`               // the person's name
	At        time.Time `json:"at"`               // UTC
}

// IsZero reports whether nothing was decided yet.
func (d Decision) IsZero() bool { return d.At.IsZero() }

// Person is somebody who works at the desk.
type Person struct {
	Name     string `json:"name"` // logs in with it; or an e-mail address, for OpenID Connect
	Role     Role   `json:"role"`
	Password string `json:"password,omitempty"` // what [HashPassword] returned; empty: only by OpenID Connect
}

// Session is that somebody is logged in, from one browser.
type Session struct {
	Digest string `json:"digest"` // of the token that the browser has
	Person string `json:"person"`
	// Password is the digest of the person's Password with which the session began. It ends
	// when there is another one.
	Password string    `json:"password"`
	Ends     time.Time `json:"ends"` // UTC
}

// Limit is how many visits may come under one key in a time. Keys of different kinds have
// nothing to do with each other.
type Limit struct {
	Kind   string
	Window time.Duration // begins at a multiple of its length
	Most   int
}

// Ends returns when the window ends that a time is in, UTC.
func (l Limit) Ends(at time.Time) time.Time { return at.UTC().Truncate(l.Window).Add(l.Window) }

// SessionOf returns a session of a person, as it is stored.
func SessionOf(p Person, token string, ends time.Time) Session {
	return Session{Digest: Digest(token), Person: p.Name, Password: Digest(p.Password), Ends: ends}
}

// IsOf reports whether a session is of a person, and of the password that the person has now.
func (s Session) IsOf(p Person) bool { return s.Person == p.Name && s.Password == Digest(p.Password) }

// Profile is a vendor's profile that was added at the desk. It has no secret.
type Profile struct {
	Name string `json:"name"`
	Text string `json:"text"` // TOML, as it was read
}

// ActionQuery chooses actions.
type ActionQuery struct {
	Before  int64  // where a page ended: its Older; 0: from the latest on
	Most    int    // how many, at most
	Without []Deed // these are left out
}

// ActionPage is a page of actions.
type ActionPage struct {
	Actions []Action
	Older   int64 // where older ones begin; 0 if there are none
}

// Action is something that a person did at the desk.
type Action struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	What  Deed      `json:"what"`
	About string    `json:"about,omitempty"` // the check code of a request, or a name
}

// Deed is what was done. The texts are desk.deed.DEED.
type Deed string

// The deeds.
const (
	LoggedIn      Deed = "logged_in"
	LoginFailed   Deed = "login_failed"
	LoggedOut     Deed = "logged_out"
	Confirmed     Deed = "confirmed"
	Refused       Deed = "refused"
	Reopened      Deed = "reopened" // a decision was taken back
	Asked         Deed = "asked"    // the vendor's record
	SentAgain     Deed = "sent_again"
	Exported      Deed = "exported" // the history
	PersonSaved   Deed = "person_saved"
	PersonRemoved Deed = "person_removed"
	ProfileAdded  Deed = "profile_added"
	ProfileGone   Deed = "profile_removed"
	ProfileTested Deed = "profile_tested"
)

// Deeds returns all deeds.
func Deeds() []Deed {
	return []Deed{LoggedIn, LoginFailed, LoggedOut, Confirmed, Refused, Reopened, Asked, SentAgain, Exported, PersonSaved, PersonRemoved, ProfileAdded, ProfileGone, ProfileTested}
}

// NewToken returns 160 random bits as 32 letters and digits: what a browser or an address
// has, and of which a Store has only the [Digest].
func NewToken() string { return rand.Text() + rand.Text()[:6] }

// Digest returns the SHA-256 of a token, in lower case hex.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
