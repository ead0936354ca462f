package app

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
	"handback/assets"
)

// ReportEndings are the endings of a report's name, which say its form.
var ReportEndings = []string{".csv", ".json", ".html"}

// ErrReportForm means that the name of a report does not say its form.
var ErrReportForm = fault.New(fault.Usage, "report.form", "endings", strings.Join(ReportEndings, ", "))

// Report is a file that says what became of many requests: whose license, which device,
// when, the outcome, and what to do next. It is written row by row, of any number, and
// appears when it is saved. License keys are masked unless FullKeys is set.
type Report struct {
	FullKeys bool

	words *words.Words
	now   func() time.Time
	file  *durable.Stream
	form  reportForm
	tally map[request.State]int
	err   error
}

// reportForm writes rows in one form.
type reportForm interface {
	begin(w io.Writer) error
	row(w io.Writer, r reportRow) error
	end(w io.Writer, tally string) error
}

// NewReport begins a report at a path, whose ending says its form. Without replace it
// refuses an existing file. [Report.Close] must be called.
func (a *App) NewReport(path string, replace bool) (*Report, error) {
	r := &Report{words: a.Words, now: a.Now, tally: map[request.State]int{}}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		r.form = &csvReport{words: a.Words}
	case ".json":
		r.form = &jsonReport{}
	case ".html":
		r.form = &htmlReport{words: a.Words, date: a.Now(), by: a.Journal.Tool}
	default:
		return nil, ErrReportForm.With("path", path)
	}
	var err error
	if r.file, err = durable.NewStream(path, replace); err != nil {
		return nil, err
	}
	r.err = r.form.begin(r.file)
	return r, nil
}

// Add adds a row of a batch. Receipts, and inputs in which there is no request, have their
// sources and what is wrong.
func (r *Report) Add(row Row) {
	one := r.rowOf(row)
	r.tally[one.Outcome]++
	if r.err == nil {
		r.err = r.form.row(r.file, one)
	}
}

// Save writes the end of the report and makes its file appear.
func (r *Report) Save() error {
	if r.err == nil {
		r.err = r.form.end(r.file, Counts(r.tally, r.words))
	}
	if r.err != nil {
		return fault.New(fault.Write, "report.failed").Because(r.err)
	}
	return r.file.Commit()
}

// Close removes what was written if it was not saved.
func (r *Report) Close() { r.file.Close() }

// Counts says how many requests had which outcome, in a few words. What could not be read
// has no outcome.
func Counts(tally map[request.State]int, w *words.Words) string {
	var parts []string
	for _, outcome := range []request.State{request.Released, request.ProbablyReleased, request.Refused, request.Unknown, request.NotSent, request.Cancelled, ""} {
		if n := tally[outcome]; n > 0 {
			parts = append(parts, w.Text("cmd.tally."+cmp.Or(string(outcome), "unread"), "count", n))
		}
	}
	return strings.Join(parts, ", ")
}

// reportRow is one request of a report. Its JSON is that of a .json report.
type reportRow struct {
	Sources    []string      `json:"sources"`
	CheckCode  string        `json:"check_code,omitempty"`
	RequestID  string        `json:"request_id,omitempty"`
	Product    string        `json:"product,omitempty"`
	LicenseKey string        `json:"license_key,omitempty"` // masked, unless asked for
	Username   string        `json:"username,omitempty"`
	HardwareID string        `json:"hardware_id,omitempty"`
	Profile    string        `json:"profile,omitempty"`
	Host       string        `json:"host,omitempty"`
	Practice   bool          `json:"practice,omitempty"`
	When       string        `json:"when"` // RFC 3339, in UTC: of the answer, or of this report
	Outcome    request.State `json:"outcome,omitempty"`
	Status     int           `json:"status,omitempty"`
	Code       string        `json:"code,omitempty"`
	Message    string        `json:"message,omitempty"`
	Advice     string        `json:"advice,omitempty"` // what to do next

	headline string
}

func (r *Report) rowOf(row Row) reportRow {
	s := row.Result()
	one := reportRow{Sources: s.Sources, Practice: s.Practice, Host: s.Hosts, When: r.now().UTC().Format(time.RFC3339)}
	one.Message, one.Advice = s.Explain(r.words)
	if row.App != nil {
		one.Profile = row.App.Profile.Name
	}
	if s.Request == nil {
		if s.Err == nil && row.Receipt != nil {
			one.Message = r.words.Text("app.is_receipt")
		}
		one.headline = r.words.Text("report.unread")
		return one
	}
	q := s.Request
	one.CheckCode, one.RequestID, one.Product, one.HardwareID = q.CheckCode(), q.RequestID, q.Product, q.HardwareID
	one.LicenseKey, one.Username = q.LicenseKey, q.Username
	if !r.FullKeys {
		one.LicenseKey = Masked(q.LicenseKey)
	}
	one.Outcome, one.Status, one.Code, one.headline = s.Outcome, s.Status, s.Code, s.Headline(r.words)
	if at := s.Record.Last(s.Outcome).At; !at.IsZero() {
		one.When = at.UTC().Format(time.RFC3339)
	}
	return one
}

// Masked returns a license key of which only the last four letters and digits can be read,
// and of a short one fewer. Its length and its hyphens stay.
func Masked(key string) string {
	letters := strings.Count(key, "") - 1 - strings.Count(key, "-")
	hide := letters - min(4, letters/4)
	return strings.Map(func(c rune) rune {
		if c == '-' || hide <= 0 {
			return c
		}
		hide--
		return 'x'
	}, key)
}

// columns are those of the forms for people, with the ends of the keys of their headings.
func (r reportRow) columns() []struct{ name, value string } {
	return []struct{ name, value string }{
		{"csv.check_code", r.CheckCode}, {"csv.owner", cmp.Or(r.LicenseKey, r.Username)}, {"csv.product", r.Product}, {"csv.hardware_id", r.HardwareID},
		{"report.when", r.When}, {"report.outcome", r.headline}, {"report.code", strings.TrimSpace(r.code() + " " + r.Code)}, {"report.message", r.Message}, {"report.next", r.Advice},
		{"report.profile", r.Profile}, {"report.host", r.Host}, {"csv.request_id", r.RequestID}, {"report.sources", strings.Join(r.Sources, ", ")},
	}
}

func (r reportRow) code() string {
	if r.Status == 0 {
		return ""
	}
	return fmt.Sprint(r.Status)
}

// csvReport is a table as [CSV] writes it.
type csvReport struct {
	words *words.Words
	rows  *csv.Writer
}

func (f *csvReport) begin(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	f.rows = csv.NewWriter(w)
	f.rows.UseCRLF = true
	var head []string
	for _, column := range (reportRow{}).columns() {
		head = append(head, f.words.Text(column.name))
	}
	return f.rows.Write(head)
}

func (f *csvReport) row(_ io.Writer, r reportRow) error {
	var cells []string
	for _, column := range r.columns() {
		cells = append(cells, cell(column.value))
	}
	return f.rows.Write(cells)
}

func (f *csvReport) end(io.Writer, string) error {
	f.rows.Flush()
	return f.rows.Error()
}

// jsonReport is a list of objects, one a line.
type jsonReport struct{ some bool }

func (f *jsonReport) begin(w io.Writer) error {
	_, err := io.WriteString(w, "[")
	return err
}

func (f *jsonReport) row(w io.Writer, r reportRow) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	start := ",\n"
	if !f.some {
		start = "\n"
	}
	f.some = true
	_, err = io.WriteString(w, start+words.VisibleJSON(string(line)))
	return err
}

func (f *jsonReport) end(w io.Writer, _ string) error {
	_, err := io.WriteString(w, "\n]\n")
	return err
}

var reportTemplate = sync.OnceValues(func() (*template.Template, error) { return template.New("report").Parse(assets.Report) })

// htmlReport is a page to print or to mail, of this file alone.
type htmlReport struct {
	words *words.Words
	date  time.Time
	by    string
}

func (f *htmlReport) part(w io.Writer, name string, data map[string]any) error {
	page, err := reportTemplate()
	if err != nil {
		return err
	}
	return page.ExecuteTemplate(w, name, data)
}

func (f *htmlReport) begin(w io.Writer) error {
	t := f.words.Text
	var heads []string
	for _, name := range []string{"csv.owner", "csv.hardware_id", "report.when", "report.outcome", "report.next"} {
		heads = append(heads, t(name))
	}
	return f.part(w, "begin", map[string]any{"Lang": f.words.Language(), "Title": t("report.title"), "Date": f.words.Stamp(f.date), "By": f.by, "Heads": heads})
}

func (f *htmlReport) row(w io.Writer, r reportRow) error {
	visible := func(text string) string { return words.Visible(text, 500) }
	when := r.When
	if at, err := time.Parse(time.RFC3339, r.When); err == nil {
		when = f.words.Stamp(at)
	}
	sources := slices.Clone(r.Sources)
	for i := range sources {
		sources[i] = visible(filepath.Base(sources[i]))
	}
	return f.part(w, "row", map[string]any{"Class": cmp.Or(string(r.Outcome), "unread"), "Check": r.CheckCode, "Owner": visible(cmp.Or(r.LicenseKey, r.Username)),
		"Product": visible(r.Product), "ID": visible(r.HardwareID), "When": when, "Headline": r.headline, "Message": words.Sentence(visible(r.Message)),
		"Code": visible(r.Code), "Advice": words.Sentence(visible(r.Advice)), "Sources": strings.Join(sources, ", "), "Profile": visible(r.Profile), "Host": visible(r.Host)})
}

func (f *htmlReport) end(w io.Writer, tally string) error {
	return f.part(w, "end", map[string]any{"Tally": tally})
}
