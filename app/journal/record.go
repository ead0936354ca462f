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
	At   time.Time     `json:"at"` // by the clock of the computer where it happened, UTC
	What request.State `json:"what"`
	// FromReceipt is true if this computer knows of the event only from a receipt.
	FromReceipt bool `json:"receipt,omitzero"`

	// The file of an export.
	Kind   string `json:"kind,omitzero"`
	Path   string `json:"path,omitzero"`
	Bytes  int    `json:"bytes,omitzero"`
	SHA256 string `json:"sha256,omitzero"` // lower case hex

	// A submission and its answer.
	Endpoint   string    `json:"endpoint,omitzero"`
	Sent       string    `json:"sent,omitzero"`        // the signed form of an unsigned request, in base64
	Status     int       `json:"status,omitzero"`      // of the HTTP reply
	Code       string    `json:"code,omitzero"`        // the server's error code
	Message    string    `json:"message,omitzero"`     // the server's
	ServerDate time.Time `json:"server_date,omitzero"` // by the server's clock
	Issuer     string    `json:"issuer,omitzero"`      // of the server's certificate

	// Holds is what the vendor's record said when it was asked whether the device holds the
	// license; Endpoint and the answer's fields say who answered what. What is then the
	// state of the request from then on, so that versions that do not know Holds read the
	// record: see [Record.After].
	Holds request.Holds `json:"holds,omitzero"`
}

// Record is what the journal has of one request.
type Record struct {
	Request  *request.Request
	Practice bool    // no license is released
	Events   []Event // in the order in which they were added
	// Earlier is the number of submissions from this computer whose events were dropped
	// to keep the record short.
	Earlier int
}

// maxBytes is the maximum size of a record's file, in bytes.
const maxBytes = 4 << 20

// stored is the machine-readable part of a record's file.
type stored struct {
	Tool     string  `json:"tool"`
	Request  string  `json:"request"` // in base64, as it is carried
	Practice bool    `json:"practice"`
	Earlier  int     `json:"earlier,omitzero"`
	Audit    int64   `json:"audit,omitzero"` // lines that the audit chain had at least
	Events   []Event `json:"events"`
}

func (r Record) write(w *words.Words, tool string, audit int64) []byte {
	machine, _ := json.Marshal(stored{tool, r.Request.Encode(), r.Practice, r.Earlier, audit, r.Events}, jsontext.WithIndent(" "), jsontext.AllowInvalidUTF8(true)) // plain values; a path may be any bytes
	return document.Record.Write(r.people(w, tool), words.VisibleJSON(string(machine)))
}

// people returns the part of a record's file that is for people.
func (r Record) people(w *words.Words, tool string) string {
	return r.text(w, r.Headline(w), utc) + "\n" + w.Text("journal.tool", "tool", words.Exact(tool, 80)) + "\n"
}

// Describe returns the record as text for people, in the time zone of the computer.
func (r Record) Describe(w *words.Words) string { return r.text(w, r.Headline(w), local(w)) }

// timeFormat writes a time for people.
type timeFormat func(time.Time) string

// utc is for files, which people in several time zones read.
func utc(t time.Time) string { return t.UTC().Format(time.DateTime + " UTC") }

// local is for the person in front of the computer.
func local(w *words.Words) timeFormat {
	return func(t time.Time) string { return w.Stamp(t.Local()) }
}

func (r Record) text(w *words.Words, headline string, at timeFormat) string {
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

// text returns the event with its time and its hashes in one line.
func (e Event) text(w *words.Words, at timeFormat) string {
	line := at(e.At) + "  " + e.what(w, "journal.event."+string(e.What))
	if e.Sent != "" {
		line += " " + w.Text("journal.event.signed", "sum", hash(e.Sent))
	}
	line += e.answer(w)
	if !e.ServerDate.IsZero() {
		line += " " + w.Text("journal.event.server_date", "date", at(e.ServerDate))
	}
	return line
}

// Brief returns what happened, without its time and without hashes.
func (e Event) Brief(w *words.Words) string {
	key := "journal.event." + string(e.What)
	if e.What == request.Exported {
		key = "journal.event.saved"
	}
	return e.what(w, key) + e.answer(w)
}

func (e Event) what(w *words.Words, key string) string {
	if e.Holds != "" {
		key = "journal.event.holds." + string(e.Holds)
	}
	if e.Holds == "" && e.What == request.Unknown && e.Status != 0 {
		key = "journal.event.unclear" // a reply came, but did not say what became of the request
	}
	return w.Text(key, "path", words.Visible(e.Path, 500), "endpoint", words.Visible(e.Endpoint, 200), "sum", e.SHA256)
}

// answer returns what the License API answered, and whether only a receipt says so.
func (e Event) answer(w *words.Words) (line string) {
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
	return line
}

// Parse reads a record's file. It fails with [document.ErrNewer] or [document.ErrDamaged].
func Parse(file []byte) (Record, error) {
	_, machine, err := parts(file)
	if err != nil {
		return Record{}, err
	}
	return machine.record()
}

// parts returns the text for people and the machine-readable part of a record's file.
func parts(file []byte) (people string, machine stored, err error) {
	people, text, err := document.Record.Parts(file)
	if err != nil {
		return "", stored{}, err
	}
	if err := json.Unmarshal([]byte(text), &machine); err != nil {
		return "", stored{}, document.ErrDamaged.Because(err)
	}
	return people, machine, nil
}

func (s stored) record() (r Record, err error) {
	r = Record{Practice: s.Practice, Earlier: s.Earlier, Events: s.Events}
	if r.Request, err = request.Decode(s.Request); err != nil {
		return Record{}, document.ErrDamaged.Because(err)
	}
	if err := r.check(); err != nil {
		return Record{}, document.ErrDamaged.Because(err)
	}
	return r, nil
}

// check returns an error if the record has something that this program does not write.
func (r Record) check() error {
	if len(r.Events) == 0 {
		return errors.New("nothing has happened")
	}
	if r.Earlier < 0 {
		return fmt.Errorf("%d submissions", r.Earlier)
	}
	for _, e := range r.Events {
		if !slices.Contains(request.States(), e.What) {
			return fmt.Errorf("what is %q", e.What)
		}
		if e.Holds != "" && !slices.Contains(request.AllHolds(), e.Holds) {
			return fmt.Errorf("holds is %q", e.Holds)
		}
	}
	return nil
}
