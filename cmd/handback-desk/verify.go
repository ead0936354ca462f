package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/profile"
)

// verify returns the command that compares the records with the audit chain.
func (c *command) verify() *cobra.Command {
	var head string
	cmd := &cobra.Command{
		Use: "verify", Short: c.words.Text("cmd.history.verify.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runVerify(cmd.Context(), head) },
	}
	cmd.Flags().StringVar(&head, "head", "", c.words.Text("desk.flag.head"))
	return cmd
}

func (c *command) runVerify(ctx context.Context, head string) error {
	home, kept, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer kept.close()
	a, err := app.New(home, profile.Practice(), c.words, nil)
	if err != nil {
		return err
	}
	kept.use(a)
	v, err := a.Journal.Verify(head)
	if err != nil {
		return err
	}
	for _, f := range v.Findings {
		key := "cmd.history.found"
		if f.Kind.Harmless() {
			key = "cmd.history.noticed"
		}
		fmt.Fprintln(c.out, c.words.Text(key), f.Describe(c.words))
	}
	pairs := []any{"records", v.Records, "events", v.Events, "lines", v.Lines}
	if !v.Intact() {
		return fault.New(fault.Input, "desk.not_intact", pairs...)
	}
	fmt.Fprintln(c.out, c.words.Text("cmd.history.intact", pairs...))
	if v.Head != "" {
		fmt.Fprintln(c.out, c.words.Text("cmd.history.head_is", "head", v.Head))
	}
	return nil
}
