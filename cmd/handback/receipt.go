package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"handback/app/fault"
	"handback/app/words"
	"handback/cmd/terminal"
)

// historyImport returns the command that applies receipts to their records.
func (c *command) historyImport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE|IMAGE|- ...",
		Short: c.words.Text("cmd.history.import.short"),
		Long:  c.words.Text("cmd.history.import.long"),
		Args:  terminal.ArgumentCount(1, 0),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runImport(args) },
	}
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.yes(cmd, &c.json, "json")
	return cmd
}

func (c *command) runImport(args []string) error {
	inputs, err := c.named(args)
	if err != nil {
		return err
	}
	c.noPrompt, c.noPracticeNotice = true, true
	a, err := c.app()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	worst := 0
	all := a.Inspect(ctx, slices.Collect(inputs))
	c.many = len(all) > 1
	for _, one := range all {
		record, err := a.ApplyReceipt(one)
		if err != nil {
			one.Err = err
			c.reportOne(one)
			worst = max(worst, fault.KindOf(err).ExitStatus())
			continue
		}
		if c.json {
			c.object(c.out, terminal.NewRecordJSON(record))
			continue
		}
		c.say(c.out, "cmd.history.imported", "check", record.Request.CheckCode(), "owner", words.Visible(record.Request.Owner(), 80))
		fmt.Fprintln(c.out, record.Headline(c.words))
	}
	return terminal.Status(worst)
}
