package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
	"handback/cmd/terminal"
)

func (c *command) submit() *cobra.Command {
	var job app.Submit
	var more inputFlags
	var how runFlags
	cmd := &cobra.Command{
		Use:     "submit FILE|IMAGE|- ...",
		Short:   c.words.Text("cmd.submit.short"),
		Long:    c.words.Text("cmd.submit.long"),
		Example: c.words.Text("cmd.submit.example"),
		Args: func(cmd *cobra.Command, args []string) error {
			if how.watch != "" {
				return nil
			}
			return more.arguments(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error { return c.runSubmit(args, more, job, how) },
	}
	c.text(cmd, &job.Endpoint, "endpoint", "URL")
	c.yes(cmd, &job.Multipart, "multipart")
	c.yes(cmd, &job.SignHandoffs, "sign-handoffs")
	c.text(cmd, &job.Receipts, "receipts", "FOLDER")
	c.yes(cmd, &job.DryRun, "dry-run")
	c.yes(cmd, &job.Again, "again")
	c.addInputFlags(cmd, &more)
	cmd.Flags().IntVar(&how.jobs, "jobs", app.DefaultJobs, c.words.Text("flag.jobs"))
	terminal.SetPlaceholder(cmd, "jobs", "N")
	c.text(cmd, &how.report, "report", "FILE")
	c.yes(cmd, &how.fullKeys, "full-keys")
	c.text(cmd, &how.watch, "watch", "FOLDER")
	c.yes(cmd, &job.Check, "check")
	c.yes(cmd, &job.Bundle, "bundle")
	c.profileFlags(cmd)
	return cmd
}

// maxJobs is the most that --jobs takes. The License API takes 50 requests a second.
const maxJobs = 100

// runFlags say how a run over many requests is made.
type runFlags struct {
	jobs     int
	report   string // a file
	fullKeys bool   // in the report
	watch    string // the folder to watch instead
}

func (f runFlags) check() error {
	switch {
	case f.jobs < 1 || f.jobs > maxJobs:
		return fault.New(fault.Usage, "cmd.jobs", "most", maxJobs, "usual", app.DefaultJobs)
	case f.fullKeys && f.report == "":
		return fault.New(fault.Usage, "cmd.full_keys_alone")
	}
	return nil
}

func (c *command) runSubmit(args []string, more inputFlags, job app.Submit, how runFlags) error {
	if err := how.check(); err != nil {
		return err
	}
	if how.watch != "" {
		return c.runWatch(how.watch, args, more, job, how)
	}
	inputs, err := c.inputs(args, more)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	b, err := c.batch(job, how.jobs)
	if err != nil {
		return err
	}
	alone := len(args) == 1 && more.list == "" && !app.IsFolder(args[0])
	var report *app.Report
	if how.report != "" {
		if report, err = b.App().NewReport(how.report, false); err != nil {
			return err
		}
		defer report.Close()
		report.FullKeys = how.fullKeys
	}
	progress := c.newProgress()
	if more.list == "" {
		progress.count(inputs)
	}
	worst, total, counts := 0, 0, map[request.State]int{}
	err = b.Run(ctx, app.Run{Inputs: inputs, Send: true, Alone: alone,
		Look: func(rows []app.Row) error {
			if err := c.look(rows); err != nil {
				return err
			}
			c.askToSign(ctx, b, rows)
			return nil
		},
		Done: func(row app.Row) {
			total++
			progress.hide()
			defer progress.step()
			s := row.Result()
			if s.Request == nil {
				c.reportOne(app.Inspection{Sources: s.Sources, Err: s.Err})
				counts[""]++
			} else {
				c.showSubmission(s, profileOf(row))
				counts[s.Outcome]++
			}
			if report != nil {
				report.Add(row)
			}
			worst = max(worst, s.Kind().ExitStatus())
		}})
	progress.hide()
	c.tally(total, counts)
	if report != nil && (err == nil || ctx.Err() != nil) { // a run that was stopped has its report
		if unsaved := report.Save(); unsaved != nil {
			c.report(unsaved)
			worst = max(worst, fault.KindOf(unsaved).ExitStatus())
		}
	}
	return c.ended(ctx, err, worst)
}

// ended returns the error with which a run over inputs ends: worst is the highest exit
// status of what was reported.
func (c *command) ended(ctx context.Context, err error, worst int) error {
	if ctx.Err() != nil {
		c.report(fault.New(fault.Connection, "cmd.stopped"))
		return terminal.Status(max(worst, fault.Connection.ExitStatus()))
	}
	if err = cmp.Or(err, c.listErr); err != nil {
		if worst == 0 {
			return err
		}
		c.report(err)
		worst = max(worst, fault.KindOf(err).ExitStatus())
	}
	return terminal.Status(worst)
}

// askToSign shows unsigned requests and asks whether to sign each, if there is somebody to
// ask.
func (c *command) askToSign(ctx context.Context, b *app.Batch, rows []app.Row) {
	for _, row := range rows {
		if !slices.Contains(row.Needs, app.NeedConfirmation) || ctx.Err() != nil || !c.canPrompt() {
			continue
		}
		c.showInspection(row)
		if c.confirm("cmd.ask_sign", "name", row.App.Profile.Name, "host", row.Result().Hosts) {
			b.Confirm(row.ID)
		}
	}
}

// tally prints how many of several requests had which outcome.
func (c *command) tally(total int, counts map[request.State]int) {
	if total > 1 && !c.json {
		c.say(c.out, "cmd.tally", "total", total, "counts", app.Counts(counts, c.words))
	}
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
		if folder, err := absoluteFolder(filepath.Dir(path)); err == nil && path != "-" {
			all[i] = filepath.Join(folder, filepath.Base(path))
		}
	}
	return all
}

// lastFolder has the last folder that absoluteFolder was asked for: of thousands of files
// in a folder, each would ask the system where the program runs.
var lastFolder atomic.Pointer[[2]string]

// absoluteFolder is filepath.Abs. The program stays in the folder in which it was started.
func absoluteFolder(folder string) (string, error) {
	if last := lastFolder.Load(); last != nil && last[0] == folder {
		return last[1], nil
	}
	absolute, err := filepath.Abs(folder)
	if err == nil {
		lastFolder.Store(&[2]string{folder, absolute})
	}
	return absolute, err
}
