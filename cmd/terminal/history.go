package terminal

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// History is the history's commands.
type History struct {
	*Terminal
	// Open opens the journal when a command is run. Close is called after it.
	Open func(context.Context) (j *journal.Journal, close func(), err error)
}

// Command returns the command history, with those that read the journal: list, show,
// receipt and verify.
func (h *History) Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "history",
		Short:   h.Words.Text("cmd.history.short"),
		Long:    h.Words.Text("cmd.history.long"),
		Example: h.example("cmd.history.example"),
		Args:    NoArguments(""),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	show := &cobra.Command{
		Use:   "show NAME",
		Short: h.Words.Text("cmd.history.show.short"),
		Args:  ArgumentCount(1, 1),
		RunE:  func(cmd *cobra.Command, args []string) error { return h.runShow(cmd.Context(), args[0]) },
	}
	h.Switch(show, h.JSON, "json")
	cmd.AddCommand(h.list(), show, h.receipt(), h.verify())
	return cmd
}

// example returns examples, which are written for the program handback.
func (h *History) example(key string) string {
	return strings.ReplaceAll(h.Words.Text(key), "handback history", h.Name+" history")
}

// listFlags choose the records of history list.
type listFlags struct {
	csv, since, until, product, license string
	states                              []string
}

func (h *History) list() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:     "list",
		Short:   h.Words.Text("cmd.history.list.short"),
		Long:    h.Words.Text("cmd.history.list.long"),
		Example: h.example("cmd.history.list.example"),
		Args:    NoArguments(""),
		RunE:    func(cmd *cobra.Command, _ []string) error { return h.runList(cmd.Context(), f) },
	}
	h.Flag(cmd, &f.since, "since", "DATE|DURATION")
	h.Flag(cmd, &f.until, "until", "DATE|DURATION")
	cmd.Flags().StringArrayVar(&f.states, "state", nil, h.Words.Text("flag.state"))
	SetPlaceholder(cmd, "state", "STATE")
	cmd.Flags().StringVar(&f.product, "product", "", h.Words.Text("flag.list.product"))
	SetPlaceholder(cmd, "product", "CODE")
	h.Flag(cmd, &f.license, "license", "KEY")
	h.Flag(cmd, &f.csv, "csv", "FILE")
	h.Switch(cmd, h.JSON, "json")
	return cmd
}

// filter returns what the flags choose.
func (f listFlags) filter(now time.Time) (filter app.RecordFilter, err error) {
	filter = app.RecordFilter{Product: f.product, License: f.license}
	if f.since != "" {
		if filter.Since, err = app.ParseSince(f.since, "--since", now); err != nil {
			return filter, err
		}
	}
	if f.until != "" {
		if filter.Until, err = app.ParseUntil(f.until, "--until", now); err != nil {
			return filter, err
		}
	}
	filter.States, err = app.ParseStates(f.states)
	return filter, err
}

// find returns the journal's record that a NAME argument refers to, and the journal's Tool.
func (h *History) find(ctx context.Context, named string) (r journal.Record, tool string, err error) {
	j, closeJournal, err := h.Open(ctx)
	if err != nil {
		return journal.Record{}, "", err
	}
	defer closeJournal()
	r, err = j.Find(named)
	return r, j.Tool, err
}

// RecordJSON is a record as it is printed with --json.
type RecordJSON struct {
	RequestID  string          `json:"request_id,omitempty"`
	Date       string          `json:"date"`
	Practice   bool            `json:"practice"`
	State      request.State   `json:"state"`
	ByReceipt  bool            `json:"by_receipt,omitempty"` // State comes from a receipt
	Product    string          `json:"product"`
	LicenseKey string          `json:"license_key,omitempty"`
	Username   string          `json:"username,omitempty"`
	HardwareID string          `json:"hardware_id"`
	CheckCode  string          `json:"check_code"`
	Events     []journal.Event `json:"events"`
}

// NewRecordJSON returns a record as it is printed with --json.
func NewRecordJSON(r journal.Record) RecordJSON {
	q := r.Request
	return RecordJSON{q.RequestID, q.Date, r.Practice, r.State(), r.ByReceipt(), q.Product, q.LicenseKey, q.Username, q.HardwareID, q.CheckCode(), r.Events}
}

func (h *History) runList(ctx context.Context, f listFlags) error {
	if *h.JSON && f.csv != "" {
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "--csv")
	}
	filter, err := f.filter(time.Now())
	if err != nil {
		return err
	}
	j, closeJournal, err := h.Open(ctx)
	if err != nil {
		return err
	}
	defer closeJournal()
	worst := 0
	var errs []error
	out := newPaced(h.Out)
	all := func(yield func(journal.Record) bool) {
		for r, err := range j.All() {
			out.pace()
			if err != nil {
				errs = append(errs, err)
			}
			if r.Request != nil && !yield(r) {
				return
			}
		}
	}
	records := func(yield func(journal.Record) bool) {
		for r := range all {
			if filter.Matches(r) && !yield(r) {
				return
			}
		}
	}
	switch {
	case f.csv == "-":
		_ = app.WriteCSV(out, records, h.Words) // run reports a failure of standard output
	case f.csv != "":
		if err := app.SaveCSV(f.csv, records, h.Words); err != nil {
			return err
		}
	case *h.JSON:
		for r := range records {
			h.Object(out, NewRecordJSON(r))
		}
	default:
		if h.printTable(out, all, filter) > 0 {
			break
		}
		key := "cmd.history.no_match"
		if filter.IsZero() {
			key = "cmd.history.empty"
		}
		h.say(h.Err, key)
	}
	out.flush()
	for _, err := range errs {
		h.Report(err)
		worst = max(worst, fault.KindOf(err).ExitStatus())
	}
	return Status(worst)
}

// The first rows of a table are printed together, for the width of its columns: this many,
// or those that are found in this time. A later row can make its columns wider.
const (
	firstRows = 100
	firstWait = 50 * time.Millisecond
)

// printTable prints the records that a filter chooses as a table, while it goes through
// all, and returns their number.
func (h *History) printTable(to io.Writer, all iter.Seq[journal.Record], filter app.RecordFilter) (count int) {
	var rows [][]string
	widths := make([]int, 4) // of the columns but the last
	flush := func() {
		for _, row := range rows {
			for i := range widths {
				row[i] += strings.Repeat(" ", 2+max(0, widths[i]-utf8.RuneCountInString(row[i])))
			}
			fmt.Fprintln(to, strings.Join(row, ""))
		}
		rows = rows[:0]
	}
	var began time.Time // when the first record came
	for r := range all {
		if began.IsZero() {
			began = time.Now()
		}
		if filter.Matches(r) {
			count++
			row := h.tableRow(r)
			for i := range widths {
				widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
			}
			rows = append(rows, row)
		}
		if len(rows) > 0 && (count >= firstRows || time.Since(began) > firstWait) {
			flush()
		}
	}
	flush()
	return count
}

func (h *History) tableRow(r journal.Record) []string {
	q, state := r.Request, r.Label(h.Words)
	if r.Practice {
		state = h.Words.Text("cmd.history.practice", "state", state)
	}
	return []string{q.CheckCode(), r.Updated().Format(time.DateOnly), state, words.Visible(q.Owner(), 60), words.Visible(q.Product, 40)}
}

func (h *History) runShow(ctx context.Context, named string) error {
	r, _, err := h.find(ctx, named)
	if err != nil {
		return err
	}
	if *h.JSON {
		h.Object(h.Out, NewRecordJSON(r))
		return nil
	}
	fmt.Fprint(h.Out, r.Describe(h.Words))
	return nil
}
