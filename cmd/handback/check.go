package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/request"
	"handback/app/words"
)

func (c *command) check() *cobra.Command {
	var job app.Submit
	var more inputFlags
	cmd := &cobra.Command{
		Use:     "check FILE|IMAGE|- ...",
		Short:   c.words.Text("cmd.check.short"),
		Long:    c.words.Text("cmd.check.long"),
		Example: c.words.Text("cmd.check.example"),
		Args:    more.arguments,
		RunE:    func(_ *cobra.Command, args []string) error { return c.runCheck(args, more, job) },
	}
	c.text(cmd, &job.Endpoint, "endpoint", "URL")
	c.addInputFlags(cmd, &more)
	c.profileFlags(cmd)
	return cmd
}

func (c *command) runCheck(args []string, more inputFlags, job app.Submit) error {
	inputs, err := c.inputs(args, more)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	b, err := c.batch(job, 0)
	if err != nil {
		return err
	}
	worst := 0
	err = b.Run(ctx, app.Run{Inputs: inputs, Look: c.look, Done: func(row app.Row) {
		checked := c.checkOne(ctx, b, row)
		if checked.Request == nil {
			c.reportOne(app.Inspection{Sources: checked.Sources, Err: checked.Err})
		} else {
			c.showChecked(checked, profileOf(row))
		}
		worst = max(worst, checked.Kind().ExitStatus())
	}})
	return c.ended(ctx, err, worst)
}

// checkOne asks about one request.
func (c *command) checkOne(ctx context.Context, b *app.Batch, row app.Row) app.Checked {
	if row.Request == nil {
		return app.Checked{Inspection: row.Inspection, Err: row.Why}
	}
	checked, _ := b.Check(ctx, row.Request)
	checked.Sources = row.Sources
	return checked
}

// checkedJSON is printed by check with --json.
type checkedJSON struct {
	Sources   []string      `json:"sources"`
	RequestID string        `json:"request_id,omitempty"`
	CheckCode string        `json:"check_code"`
	Profile   string        `json:"profile,omitempty"` // the request's
	Host      string        `json:"host,omitempty"`    // which was asked; two hosts with OAuth
	Practice  bool          `json:"practice"`
	Holds     request.Holds `json:"holds"`
	Message   string        `json:"message,omitempty"`
	Advice    string        `json:"advice,omitempty"`
	Outcome   request.State `json:"outcome,omitempty"` // what became of the request, as far as is known now
}

func (c *command) showChecked(checked app.Checked, profile string) {
	r := checked.Request
	message, advice := checked.Explain(c.words)
	outcome := request.State("")
	if len(checked.Record.Events) > 0 && checked.Record.State().IsAnswer() {
		outcome = checked.Record.State()
	}
	if c.json {
		holds := checked.Holds
		if holds == "" {
			holds = request.Untold
		}
		c.object(c.out, checkedJSON{absolute(checked.Sources), r.RequestID, r.CheckCode(), profile, checked.Hosts, checked.Practice, holds, message, advice, outcome})
		return
	}
	c.say(c.out, "cmd.submitted", "sources", strings.Join(checked.Sources, ", "), "owner", words.Visible(r.Owner(), 80),
		"product", words.Visible(r.Product, 60), "id", words.Visible(r.HardwareID, 120), "check", r.CheckCode())
	if outcome != "" {
		fmt.Fprintln(c.out, checked.Record.Headline(c.words))
	}
	for _, text := range []string{message, advice} {
		fmt.Fprintln(c.out, words.Sentence(text))
	}
	if checked.Holding.Message != "" {
		c.say(c.out, "outcome.server_said", "message", words.Visible(checked.Holding.Message, 500))
	}
	c.warn(checked.Warnings...)
}
