package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/journal"
	"handback/cmd/terminal"
)

// history returns the commands of the history in the home folder.
func (c *command) history() *cobra.Command {
	h := &terminal.History{Terminal: c.terminal(), Open: func(context.Context) (*journal.Journal, func(), error) {
		j, err := c.journal()
		return j, func() {}, err
	}}
	cmd := h.Command()
	cmd.AddCommand(c.historyExport(), c.historyImport())
	return cmd
}

func (c *command) historyExport() *cobra.Command {
	var f outputFlags
	cmd := &cobra.Command{
		Use:   "export NAME",
		Short: c.words.Text("cmd.history.export.short"),
		Args:  terminal.ArgumentCount(1, 1),
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
