package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

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
	var csv string
	list := &cobra.Command{
		Use:   "list",
		Short: c.words.Text("cmd.history.list.short"),
		Args:  noArguments(""),
		RunE:  func(*cobra.Command, []string) error { return c.runHistoryList(csv) },
	}
	c.text(list, &csv, "csv", "FILE")
	show := &cobra.Command{
		Use:   "show NAME",
		Short: c.words.Text("cmd.history.show.short"),
		Args:  argumentCount(1, 1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runHistoryShow(args[0]) },
	}
	for _, one := range []*cobra.Command{list, show} {
		c.yes(one, &c.json, "json")
	}
	cmd.AddCommand(list, show, c.historyExport(), c.historyReceipt(), c.historyImport())
	return cmd
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

func (c *command) runHistoryList(csv string) error {
	if c.json && csv != "" {
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "--csv")
	}
	j, err := c.journal()
	if err != nil {
		return err
	}
	records, errs := j.Records()
	if csv == "-" {
		fmt.Fprintf(c.out, "%s", app.CSV(records, c.words))
	} else if csv != "" {
		if err := app.SaveCSV(csv, records, c.words); err != nil {
			return err
		}
	} else if c.json {
		for _, r := range records {
			c.showRecordJSON(r)
		}
	} else if len(records) == 0 {
		c.say(c.err, "cmd.history.empty")
	} else {
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, r := range records {
			q, state := r.Request, r.Label(c.words)
			if r.Practice {
				state = c.words.Text("cmd.history.practice", "state", state)
			}
			fmt.Fprintln(table, strings.Join([]string{q.CheckCode(), r.Updated().Format(time.DateOnly), state,
				words.Visible(q.Owner(), 60), words.Visible(q.Product, 40)}, "\t"))
		}
		_ = table.Flush()
	}
	worst := 0
	for _, err := range errs {
		c.report(err)
		worst = max(worst, fault.KindOf(err).ExitStatus())
	}
	return status(worst)
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
