package main

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/postgres"
	"handback/cmd/terminal"
)

// history returns the commands of the history that --journal names.
func (c *command) history() *cobra.Command {
	h := &terminal.History{Terminal: c.terminal(), Open: c.openJournal}
	cmd := h.Command()
	cmd.PersistentPreRun = func(*cobra.Command, []string) { c.endWithSignals() }
	return cmd
}

// openJournal opens the journal alone. It makes no folder.
func (c *command) openJournal(ctx context.Context) (*journal.Journal, func(), error) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil, nil, err
	}
	if !postgres.Is(c.store) {
		return app.Journal(cmp.Or(c.store, home), c.words, time.Now), func() {}, nil
	}
	kept, err := c.openIn(ctx, home)
	if err != nil {
		return nil, nil, err
	}
	j := app.Journal(home, c.words, time.Now)
	kept.use(j)
	return j, kept.close, nil
}

// endWithSignals makes a signal end the program as it does in the command handback: a file
// that is being written is whole or gone.
func (c *command) endWithSignals() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Reset()
		durable.Stop()
		err := fault.New(fault.Connection, "cmd.interrupted")
		c.terminal().Report(err)
		os.Exit(err.Kind.ExitStatus())
	}()
}
