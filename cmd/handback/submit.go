package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/words"
)

func (c *command) submit() *cobra.Command {
	var job app.Submit
	cmd := &cobra.Command{
		Use:     "submit FILE|IMAGE|- ...",
		Short:   c.words.Text("cmd.submit.short"),
		Long:    c.words.Text("cmd.submit.long"),
		Example: c.words.Text("cmd.submit.example"),
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return c.runSubmit(args, job) },
	}
	c.text(cmd, &job.Endpoint, "endpoint", "URL")
	c.yes(cmd, &job.Multipart, "multipart")
	c.yes(cmd, &job.DryRun, "dry-run")
	c.common(cmd)
	return cmd
}

func (c *command) runSubmit(args []string, job app.Submit) error {
	inputs, err := c.inputs(args, app.MaxInput)
	if err != nil {
		return err
	}
	a, err := c.app()
	if err != nil {
		return err
	}
	worst := 0
	for _, one := range a.Inspect(c.ctx, inputs) {
		s := a.Submit(c.ctx, one, job)
		if one.Err != nil {
			c.report(fault.Named(strings.Join(one.Sources, ", "), one.Err))
		} else {
			c.showSubmission(s)
		}
		worst = max(worst, exitOf(s, job.DryRun))
	}
	return status(worst)
}

// exitOf is the exit status of one submission.
func exitOf(s app.Submission, dryRun bool) int {
	if s.Err != nil {
		return fault.KindOf(s.Err).ExitStatus()
	}
	return map[licensespring.Outcome]int{
		licensespring.Released:         0,
		licensespring.NotSent:          map[bool]int{true: 0, false: fault.Connection.ExitStatus()}[dryRun],
		licensespring.Refused:          fault.Refused.ExitStatus(),
		licensespring.Unknown:          fault.Unknown.ExitStatus(),
		licensespring.ProbablyReleased: fault.Unknown.ExitStatus(),
	}[s.Outcome]
}

// submissionJSON is what submit prints with --json.
type submissionJSON struct {
	Sources   []string              `json:"sources"`
	RequestID string                `json:"request_id,omitempty"`
	CheckCode string                `json:"check_code"`
	Practice  bool                  `json:"practice"`
	Outcome   licensespring.Outcome `json:"outcome"`
	Status    int                   `json:"status,omitempty"`
	Code      string                `json:"code,omitempty"`
	Message   string                `json:"message,omitempty"`
	Advice    string                `json:"advice,omitempty"`
}

func (c *command) showSubmission(s app.Submission) {
	r := s.Request
	message, advice := s.Explain(c.words)
	if c.json {
		c.object(c.out, submissionJSON{absolute(s.Sources), r.RequestID, r.CheckCode(), s.Practice, s.Outcome, s.Status, s.Code, message, advice})
		return
	}
	c.say(c.out, "cmd.submitted", "sources", strings.Join(s.Sources, ", "), "owner", words.Visible(r.Owner(), 80),
		"product", words.Visible(r.Product, 60), "id", words.Visible(r.HardwareID, 120), "check", r.CheckCode())
	fmt.Fprintln(c.out, s.Headline(c.words))
	for _, text := range []string{message, advice} {
		if text != "" {
			fmt.Fprintln(c.out, words.Sentence(text))
		}
	}
	c.warn(s.Warnings...)
}

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

// status is the error for an exit status that was explained already.
func status(n int) error {
	if n == 0 {
		return nil
	}
	return exit(n)
}
