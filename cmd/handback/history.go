package main

import (
	"fmt"
	"iter"
	"os"
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

func (c *command) history() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "history",
		Short:   c.words.Text("cmd.history.short"),
		Long:    c.words.Text("cmd.history.long"),
		Example: c.words.Text("cmd.history.example"),
		Args:    noArguments(""),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	show := &cobra.Command{
		Use:   "show NAME",
		Short: c.words.Text("cmd.history.show.short"),
		Args:  argumentCount(1, 1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runHistoryShow(args[0]) },
	}
	c.yes(show, &c.json, "json")
	cmd.AddCommand(c.historyList(), show, c.historyExport(), c.historyReceipt(), c.historyImport(), c.historyVerify())
	return cmd
}

// listFlags choose the records of history list.
type listFlags struct {
	csv, since, until, product, license string
	states                              []string
}

func (c *command) historyList() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:     "list",
		Short:   c.words.Text("cmd.history.list.short"),
		Long:    c.words.Text("cmd.history.list.long"),
		Example: c.words.Text("cmd.history.list.example"),
		Args:    noArguments(""),
		RunE:    func(*cobra.Command, []string) error { return c.runHistoryList(f) },
	}
	c.text(cmd, &f.since, "since", "DATE|DURATION")
	c.text(cmd, &f.until, "until", "DATE|DURATION")
	cmd.Flags().StringArrayVar(&f.states, "state", nil, c.words.Text("flag.state"))
	setPlaceholder(cmd, "state", "STATE")
	cmd.Flags().StringVar(&f.product, "product", "", c.words.Text("flag.list.product"))
	setPlaceholder(cmd, "product", "CODE")
	c.text(cmd, &f.license, "license", "KEY")
	c.text(cmd, &f.csv, "csv", "FILE")
	c.yes(cmd, &c.json, "json")
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

func (c *command) historyExport() *cobra.Command {
	var f outputFlags
	cmd := &cobra.Command{
		Use:   "export NAME",
		Short: c.words.Text("cmd.history.export.short"),
		Args:  argumentCount(1, 1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runHistoryExport(args[0], f) },
	}
	c.addOutputFlags(cmd, &f)
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.yes(cmd, &c.json, "json")
	return cmd
}

func (c *command) journal() (*journal.Journal, error) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil, err
	}
	return app.Journal(home, c.words, time.Now), nil
}

// find returns the journal's record that a NAME argument refers to.
func (c *command) find(named string) (journal.Record, error) {
	j, err := c.journal()
	if err != nil {
		return journal.Record{}, err
	}
	return j.Find(named)
}

// recordJSON is printed by history with --json.
type recordJSON struct {
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

func (c *command) runHistoryList(f listFlags) error {
	if c.json && f.csv != "" {
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "--csv")
	}
	filter, err := f.filter(time.Now())
	if err != nil {
		return err
	}
	j, err := c.journal()
	if err != nil {
		return err
	}
	worst := 0
	var errs []error
	out := newPaced(c.out)
	c.out = out
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
		_ = app.WriteCSV(c.out, records, c.words) // run reports a failure of standard output
	case f.csv != "":
		if err := app.SaveCSV(f.csv, records, c.words); err != nil {
			return err
		}
	case c.json:
		for r := range records {
			c.showRecordJSON(r)
		}
	default:
		if c.printTable(all, filter) > 0 {
			break
		}
		key := "cmd.history.no_match"
		if filter.IsZero() {
			key = "cmd.history.empty"
		}
		c.say(c.err, key)
	}
	out.flush()
	for _, err := range errs {
		c.report(err)
		worst = max(worst, fault.KindOf(err).ExitStatus())
	}
	return status(worst)
}

// The first rows of a table are printed together, for the width of its columns: this many,
// or those that are found in this time. A later row can make its columns wider.
const (
	firstRows = 100
	firstWait = 50 * time.Millisecond
)

// printTable prints the records that a filter chooses as a table, while it goes through
// all, and returns their number.
func (c *command) printTable(all iter.Seq[journal.Record], filter app.RecordFilter) (count int) {
	var rows [][]string
	widths := make([]int, 4) // of the columns but the last
	flush := func() {
		for _, row := range rows {
			for i := range widths {
				row[i] += strings.Repeat(" ", 2+max(0, widths[i]-utf8.RuneCountInString(row[i])))
			}
			fmt.Fprintln(c.out, strings.Join(row, ""))
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
			row := c.tableRow(r)
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

func (c *command) tableRow(r journal.Record) []string {
	q, state := r.Request, r.Label(c.words)
	if r.Practice {
		state = c.words.Text("cmd.history.practice", "state", state)
	}
	return []string{q.CheckCode(), r.Updated().Format(time.DateOnly), state, words.Visible(q.Owner(), 60), words.Visible(q.Product, 40)}
}

func (c *command) runHistoryShow(named string) error {
	r, err := c.find(named)
	if err != nil {
		return err
	}
	if c.json {
		c.showRecordJSON(r)
		return nil
	}
	fmt.Fprint(c.out, r.Describe(c.words))
	return nil
}

func (c *command) showRecordJSON(r journal.Record) {
	q := r.Request
	c.object(c.out, recordJSON{q.RequestID, q.Date, r.Practice, r.State(), r.ByReceipt(), q.Product, q.LicenseKey, q.Username, q.HardwareID, q.CheckCode(), r.Events})
}

func (c *command) runHistoryExport(named string, f outputFlags) error {
	if err := c.checkOutputs(f); err != nil {
		return err
	}
	r, err := c.find(named)
	if err != nil {
		return err
	}
	a, err := c.app()
	if err != nil {
		return err
	}
	made, err := a.OutgoingOf(r)
	if err != nil {
		return err
	}
	if err := a.Export(made, f.targets(), f.force); err != nil {
		return err
	}
	c.warn(made.Warnings...)
	return c.showCreated(a, made, f)
}
