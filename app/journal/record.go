package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"handback/app/document"
	"handback/app/request"
	"handback/app/words"
)

// Event is one thing that happened to a request. Only the fields that apply to What
// are set.
type Event struct {
	At   time.Time     `json:"at"` // by this computer's clock, UTC
	What request.State `json:"what"`
	// FromReceipt reports whether this computer has it from a receipt alone.
	FromReceipt bool `json:"receipt,omitzero"`

	// Of an export: the file.
	Kind   string `json:"kind,omitzero"`
	Path   string `json:"path,omitzero"`
	Bytes  int    `json:"bytes,omitzero"`
	SHA256 string `json:"sha256,omitzero"` // lower case hex

	// Of a submission, and of its answer.
	Endpoint   string    `json:"endpoint,omitzero"`
	Sent       string    `json:"sent,omitzero"`   // of a hand-off: the signed request, in base64
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
	// Earlier is the number of submissions from here whose events were dropped to keep
	// the record within its bounds.
	Earlier int
}

// MaxBytes bounds a record's file.
const MaxBytes = 4 << 20

// stored is the machine-readable part of a record's file.
type stored struct {
	Tool     string  `json:"tool"`
	Request  string  `json:"request"` // in base64, as it is carried
	Practice bool    `json:"practice"`
	Earlier  int     `json:"earlier,omitzero"`
	Events   []Event `json:"events"`
}

func (r Record) write(w *words.Words, tool string) []byte {
	machine, _ := json.Marshal(stored{tool, r.Request.Encode(), r.Practice, r.Earlier, r.Events}, jsontext.WithIndent(" "), jsontext.AllowInvalidUTF8(true)) // plain values; a path may be any bytes
	return document.Record.Write(r.people(w, tool), words.VisibleJSON(string(machine)))
}

// people returns what a record's file says to people.
func (r Record) people(w *words.Words, tool string) string {
	return r.text(w, r.Headline(w), utc) + "\n" + w.Text("journal.tool", "tool", words.Exact(tool, 80)) + "\n"
}

// Words is the record for people, in the time zone of the computer.
func (r Record) Words(w *words.Words) string { return r.text(w, r.Headline(w), local(w)) }

// clock writes a time for people.
type clock func(time.Time) string

// utc is the clock of files, which people in several zones read.
func utc(t time.Time) string { return t.UTC().Format(time.DateTime + " UTC") }

// local is the clock of the person in front of the computer.
func local(w *words.Words) clock {
	return func(t time.Time) string { return w.Stamp(t.Local()) }
}

func (r Record) text(w *words.Words, headline string, at clock) string {
	q := r.Request
	lines := []string{w.Text("journal.title"), w.Text("journal.no_proof"), "", headline}
	if r.Practice {
		lines = append(lines, w.Text("journal.practice"))
	}
	lines = append(lines, "",
		w.Text("journal.owner", "owner", words.Visible(q.Owner(), 200)),
		w.Text("journal.product", "product", words.Visible(q.Product, 80)),
		w.Text("journal.hardware_id", "id", words.Visible(q.HardwareID, 200)),
		w.Text("journal.request_id", "id", words.Visible(q.RequestID, 80)),
		w.Text("journal.check_code", "code", q.CheckCode()),
		w.Text("journal.hash", "sum", hash(q.Encode())),
		"")
	for _, e := range r.Events {
		lines = append(lines, e.text(w, at))
	}
	return strings.Join(lines, "\n") + "\n"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// text is the event in one line.
func (e Event) text(w *words.Words, at clock) string {
	key := "journal.event." + string(e.What)
	if e.What == request.Unknown && e.Status != 0 {
		key = "journal.event.unclear" // an answer came, and was read
	}
	line := at(e.At) + "  " +
		w.Text(key, "path", words.Visible(e.Path, 500), "endpoint", words.Visible(e.Endpoint, 200), "sum", e.SHA256)
	if e.Sent != "" {
		line += " " + w.Text("journal.event.signed", "sum", hash(e.Sent))
	}
	switch {
	case e.Code != "":
		line += " " + w.Text("journal.event.code", "status", e.Status, "code", words.Visible(e.Code, 80))
	case e.Status != 0:
		line += " " + w.Text("journal.event.answer", "status", e.Status)
	}
	if e.Message != "" {
		line += " " + w.Text("journal.event.said", "message", words.Visible(e.Message, 500))
	}
	if e.FromReceipt {
		line += " " + w.Text("journal.event.receipt")
	}
	if !e.ServerDate.IsZero() {
		line += " " + w.Text("journal.event.server_date", "date", at(e.ServerDate))
	}
	return line
}

// Parse reads a record's file. It fails with document.ErrNewer or
// document.ErrDamaged.
func Parse(file []byte) (Record, error) {
	_, kept, err := parts(file)
	if err != nil {
		return Record{}, err
	}
	return kept.record()
}

// parts returns what a record's file says to people, and what to machines.
func parts(file []byte) (people string, kept stored, err error) {
	people, machine, err := document.Record.Parts(file)
	if err != nil {
		return "", stored{}, err
	}
	if err := json.Unmarshal([]byte(machine), &kept); err != nil {
		return "", stored{}, document.ErrDamaged.Because(err)
	}
	return people, kept, nil
}

func (kept stored) record() (r Record, err error) {
	r = Record{Practice: kept.Practice, Earlier: kept.Earlier, Events: kept.Events}
	if r.Request, err = request.Decode(kept.Request); err != nil {
		return Record{}, document.ErrDamaged.Because(err)
	}
	if err := r.check(); err != nil {
		return Record{}, document.ErrDamaged.Because(err)
	}
	return r, nil
}

// check refuses events that this program does not write.
func (r Record) check() error {
	if len(r.Events) == 0 {
		return errors.New("nothing has happened")
	}
	if r.Earlier < 0 {
		return fmt.Errorf("%d submissions", r.Earlier)
	}
	for _, e := range r.Events {
		if e.What != request.NotSent && !slices.Contains(request.States(), e.What) {
			return fmt.Errorf("what is %q", e.What)
		}
	}
	return nil
}
