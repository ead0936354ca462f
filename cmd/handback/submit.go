package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/request"
	"handback/app/words"
)

func (c *command) submit() *cobra.Command {
	var job app.Submit
	cmd := &cobra.Command{
		Use:     "submit FILE|IMAGE|- ...",
		Short:   c.words.Text("cmd.submit.short"),
		Long:    c.words.Text("cmd.submit.long"),
		Example: c.words.Text("cmd.submit.example"),
		Args:    argumentCount(1, 0),
		RunE:    func(_ *cobra.Command, args []string) error { return c.runSubmit(args, job) },
	}
	c.text(cmd, &job.Endpoint, "endpoint", "URL")
	c.yes(cmd, &job.Multipart, "multipart")
	c.yes(cmd, &job.SignHandoffs, "sign-handoffs")
	c.text(cmd, &job.Receipts, "receipts", "FOLDER")
	c.yes(cmd, &job.DryRun, "dry-run")
	c.yes(cmd, &job.Again, "again")
	c.yes(cmd, &job.Check, "check")
	c.yes(cmd, &job.Bundle, "bundle")
	c.profileFlags(cmd)
	return cmd
}

func (c *command) runSubmit(args []string, job app.Submit) error {
	inputs, err := c.inputs(args, app.MaxInput)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	b, err := c.batch(ctx, inputs, job)
	if err != nil {
		return err
	}
	worst, counts := 0, map[string]int{}
	rows := b.Rows()
	for _, row := range rows {
		s := c.submitOne(ctx, b, row)
		if s.Request == nil {
			c.reportOne(app.Inspection{Sources: s.Sources, Err: s.Err}, len(rows) > 1)
			counts["unread"]++
		} else {
			c.showSubmission(s, profileOf(row))
			counts[string(s.Outcome)]++
		}
		worst = max(worst, s.Kind().ExitStatus())
	}
	c.tally(len(rows), counts)
	return status(worst)
}

// submitOne sends one request. If it is unsigned, it first shows the request and asks
// whether to sign it, if there is somebody to ask.
func (c *command) submitOne(ctx context.Context, b *app.Batch, row app.Row) app.Submission {
	if slices.Contains(row.Needs, app.NeedConfirmation) && ctx.Err() == nil && c.canPrompt() {
		c.showInspection(row)
		if c.confirm("cmd.ask_sign", "name", row.App.Profile.Name, "host", row.Result().Hosts) {
			b.Confirm(row.ID)
		}
	}
	b.Send(ctx, row.ID)
	row, _ = b.Row(row.ID)
	return row.Result()
}

// tally prints how many of several requests had which outcome.
func (c *command) tally(total int, counts map[string]int) {
	if total < 2 || c.json {
		return
	}
	var parts []string
	for _, outcome := range []string{"released", "probably_released", "refused", "unknown", "not_sent", "cancelled", "unread"} {
		if n := counts[outcome]; n > 0 {
			parts = append(parts, c.words.Text("cmd.tally."+outcome, "count", n))
		}
	}
	c.say(c.out, "cmd.tally", "total", total, "counts", strings.Join(parts, ", "))
}

// submissionJSON is printed by submit with --json.
type submissionJSON struct {
	Sources   []string      `json:"sources"`
	RequestID string        `json:"request_id,omitempty"`
	CheckCode string        `json:"check_code"`
	Profile   string        `json:"profile,omitempty"` // the request's
	Host      string        `json:"host,omitempty"`    // where it is sent; two hosts with OAuth
	Practice  bool          `json:"practice"`
	Outcome   request.State `json:"outcome"`
	Status    int           `json:"status,omitempty"`
	Code      string        `json:"code,omitempty"`
	Message   string        `json:"message,omitempty"`
	Advice    string        `json:"advice,omitempty"`
	Receipt   string        `json:"receipt,omitempty"`
	Confirmed *bool         `json:"confirmed,omitempty"` // the vendor's record says that the device does not hold the license
}

func (c *command) showSubmission(s app.Submission, profile string) {
	r := s.Request
	message, advice := s.Explain(c.words)
	if c.json {
		if s.Message != "" { // the server's message, with its status and code; ours goes to the advice
			message, advice = s.Message, strings.TrimSpace(words.Sentence(message)+" "+advice)
		}
		j := submissionJSON{absolute(s.Sources), r.RequestID, r.CheckCode(), profile, s.Hosts, s.Practice, s.Outcome, s.Status, s.Code, message, advice, s.ReceiptPath, nil}
		if confirmed, told := s.Confirmed(); told {
			j.Confirmed = &confirmed
		}
		c.object(c.out, j)
		return
	}
	c.say(c.out, "cmd.submitted", "sources", strings.Join(s.Sources, ", "), "owner", words.Visible(r.Owner(), 80),
		"product", words.Visible(r.Product, 60), "id", words.Visible(r.HardwareID, 120), "check", r.CheckCode())
	fmt.Fprintln(c.out, s.Headline(c.words))
	if s.Sent() && !s.Practice {
		c.say(c.out, "cmd.host", "host", s.Hosts, "profile", profile)
	}
	for _, text := range []string{message, advice} {
		if text != "" {
			fmt.Fprintln(c.out, words.Sentence(text))
		}
	}
	if s.Message != "" {
		c.say(c.out, "outcome.server_said", "message", words.Visible(s.Message, 500))
	}
	if s.ReceiptPath != "" {
		c.say(c.out, "cmd.receipt", "path", s.ReceiptPath)
	}
	c.warn(s.Warnings...)
}

// absolute returns paths as absolute paths; "-" stays.
func absolute(paths []string) []string {
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = path
		if abs, err := filepath.Abs(path); err == nil && path != "-" {
			all[i] = abs
		}
	}
	return all
}

// status returns the error for an exit status whose reason was already reported, nil for
// 0.
func status(n int) error {
	if n == 0 {
		return nil
	}
	return exit(n)
}
