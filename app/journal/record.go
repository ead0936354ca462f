package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// State is how far a request has come.
type State string

// The states. A record whose program ended while it submitted is Unknown.
const (
	Created          State = "created"
	Exported         State = "exported"
	Submitting       State = "submitting"
	Released         State = "released"
	ProbablyReleased State = "probably_released"
	Refused          State = "refused"
	Unknown          State = "unknown"
)

// NotSent is what happened to a submission that surely did not reach the
// License API: the request is as far as it was before.
const NotSent = "not_sent"

// Event is one thing that happened to a request. Of its members those stand that
// belong to what happened.
type Event struct {
	At   time.Time `json:"at"`   // by this computer's clock, UTC
	What string    `json:"what"` // a State, or NotSent

	// Of an export: the file.
	Kind   string `json:"kind,omitzero"`
	Path   string `json:"path,omitzero"`
	Bytes  int    `json:"bytes,omitzero"`
	SHA256 string `json:"sha256,omitzero"` // lower case hex

	// Of a submission, and of its answer.
	Endpoint   string    `json:"endpoint,omitzero"`
	Status     int       `json:"status,omitzero"` // of the HTTP reply
	Code       string    `json:"code,omitzero"`   // the server's
	Message    string    `json:"message,omitzero"`
	ServerDate time.Time `json:"server_date,omitzero"`
	Issuer     string    `json:"issuer,omitzero"` // of the server's certificate
}

// Record is what is kept of one request.
type Record struct {
	Request  *request.Request
	Practice bool
	Events   []Event // in the order in which they happened
}

// State is how far the request has come.
func (r Record) State() State {
	var state, before State
	for _, e := range r.Events {
		switch {
		case state == Released:
			// Nothing that happens later takes that back.
		case e.What == NotSent:
			state = before
		case State(e.What) == Submitting:
			if state != Submitting {
				before = state
			}
			state = Submitting
		case State(e.What) == Exported && state != "" && state != Created:
			// Carried again: what became of it stays.
		default:
			state = State(e.What)
		}
	}
	return state
}

// Lost tells whether the answer to an earlier submission was lost, and none came
// since that settles it: "no such device" may then mean that it was released.
func (r Record) Lost() bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return State(e.What) == Unknown }) && !r.Answered()
}

// Answered tells whether the License API has said that it released the license.
func (r Record) Answered() bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return State(e.What) == Released })
}

// Label is the key of the state in two or three words.
func (r Record) Label() string { return "journal.label." + string(r.State()) }

// Submissions counts how often the request was about to leave.
func (r Record) Submissions() (n int) {
	for _, e := range r.Events {
		if State(e.What) == Submitting {
			n++
		}
	}
	return n
}

// Last is the last event of a kind; zero where there is none.
func (r Record) Last(what State) Event {
	for _, e := range slices.Backward(r.Events) {
		if State(e.What) == what {
			return e
		}
	}
	return Event{}
}

const (
	// magic begins a record's file, with the version of its form.
	magic     = "HANDBACK RECORD "
	version   = "1"
	sumPrefix = "sha256 of what follows: "
	begin     = "-----BEGIN HANDBACK RECORD-----\n"
	end       = "-----END HANDBACK RECORD-----\n"

	// MaxBytes bounds a record's file.
	MaxBytes = 4 << 20
)

// The faults of records that callers decide on.
var (
	// ErrDamaged says that a record is not as it was written.
	ErrDamaged = fault.New(fault.Input, "journal.damaged")
	// ErrNewer says that a record is one of a newer version.
	ErrNewer = fault.New(fault.Input, "journal.newer")
)

// stored is the machine-readable part of a record's file.
type stored struct {
	Tool     string  `json:"tool"`
	Request  string  `json:"request"` // in base64, as it is carried
	Practice bool    `json:"practice"`
	Events   []Event `json:"events"`
}

// Text is the record as a file: readable by people, with a machine-readable part.
// Tool names the program and its version.
func (r Record) Text(w *words.Words, tool string) []byte {
	var b bytes.Buffer
	b.WriteString("\n" + r.Words(w) + "\n" + begin)
	machine, _ := json.Marshal(stored{tool, r.Request.Encode(), r.Practice, r.Events}, jsontext.WithIndent(" ")) // plain values
	b.WriteString(words.VisibleJSON(string(machine)) + "\n" + end)
	sum := sha256.Sum256(b.Bytes())
	return append([]byte(magic+version+"\n"+sumPrefix+hex.EncodeToString(sum[:])+"\n"), b.Bytes()...)
}

// Words is the record for people.
func (r Record) Words(w *words.Words) string {
	q := r.Request
	sum := sha256.Sum256([]byte(q.Encode()))
	lines := []string{
		w.Text("journal.title"),
		w.Text("journal.no_proof"),
		"",
		w.Text("journal.state." + string(r.State())),
	}
	if r.Practice {
		lines = append(lines, w.Text("journal.practice"))
	}
	lines = append(lines, "",
		w.Text("journal.owner", "owner", q.Owner()),
		w.Text("journal.product", "product", q.Product),
		w.Text("journal.hardware_id", "id", q.HardwareID),
		w.Text("journal.request_id", "id", q.RequestID),
		w.Text("journal.check_code", "code", q.CheckCode()),
		w.Text("journal.hash", "sum", hex.EncodeToString(sum[:])),
		"")
	for _, e := range r.Events {
		lines = append(lines, e.Words(w))
	}
	return strings.Join(lines, "\n") + "\n"
}

// Words is the event in one line.
func (e Event) Words(w *words.Words) string {
	line := e.At.UTC().Format(time.DateTime+" UTC") + "  " +
		w.Text("journal.event."+e.What, "path", e.Path, "endpoint", e.Endpoint, "sum", e.SHA256)
	switch {
	case e.Code != "":
		line += " " + w.Text("journal.event.code", "status", e.Status, "code", e.Code)
	case e.Status != 0:
		line += " " + w.Text("journal.event.answer", "status", e.Status)
	}
	if !e.ServerDate.IsZero() {
		line += " " + w.Text("journal.event.server_date", "date", e.ServerDate.UTC().Format(time.DateTime+" UTC"))
	}
	return line
}

// IsRecord tells whether a file is a record, whole or not.
func IsRecord(file []byte) bool { return bytes.HasPrefix(file, []byte(magic)) }

// Parse reads a record's file; line ends that a mail changed are mended. It fails
// with ErrNewer or ErrDamaged.
func Parse(file []byte) (Record, error) {
	text := strings.ReplaceAll(string(file), "\r\n", "\n")
	first, rest, _ := strings.Cut(text, "\n")
	if found, ok := strings.CutPrefix(first, magic); !ok {
		return Record{}, damaged("it does not begin as a record")
	} else if found != version && found != "" {
		return Record{}, ErrNewer
	}
	line, rest, _ := strings.Cut(rest, "\n")
	if sum := sha256.Sum256([]byte(rest)); line != sumPrefix+hex.EncodeToString(sum[:]) {
		return Record{}, damaged("its checksum is wrong")
	}
	_, machine, _ := strings.Cut(rest, "\n"+begin)
	machine, _ = strings.CutSuffix(machine, end)
	var kept stored
	if err := json.Unmarshal([]byte(machine), &kept); err != nil {
		return Record{}, ErrDamaged.Because(err)
	}
	r := Record{Practice: kept.Practice, Events: kept.Events}
	var err error
	if r.Request, err = request.Decode(kept.Request); err != nil {
		return Record{}, ErrDamaged.Because(err)
	}
	if err := r.check(); err != nil {
		return Record{}, ErrDamaged.Because(err)
	}
	return r, nil
}

func damaged(why string) error { return ErrDamaged.Because(errors.New(why)) }

// States are all there are.
func States() []State {
	return []State{Created, Exported, Submitting, Released, ProbablyReleased, Refused, Unknown}
}

// check refuses events that this program does not write.
func (r Record) check() error {
	if len(r.Events) == 0 {
		return errors.New("nothing has happened")
	}
	for _, e := range r.Events {
		if e.What != NotSent && !slices.Contains(States(), State(e.What)) {
			return fmt.Errorf("what is %q", e.What)
		}
	}
	return nil
}
