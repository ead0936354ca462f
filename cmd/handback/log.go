package main

import (
	"fmt"
	"strings"
	"time"

	"handback/app"
	"handback/app/brand"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/words"
)

// Together under ten seconds: what an uninstaller may be held up for.
var (
	quietTime = 8 * time.Second
	logTime   = time.Second
)

// inTime runs a job nobody watches. What it prints is held back until it has
// ended, so that one that comes too late says nothing.
func (c *command) inTime(job func(*command) (*app.Created, error)) (*app.Created, error) {
	type result struct {
		made *app.Created
		err  error
	}
	var out, err strings.Builder
	own := *c
	own.out, own.err = &out, &err
	done := make(chan result, 1)
	go func() {
		made, err := job(&own)
		done <- result{made, err}
	}()
	select {
	case r := <-done:
		fmt.Fprint(c.err, err.String())
		fmt.Fprint(c.out, out.String())
		return r.made, r.err
	case <-time.After(quietTime):
		return nil, fault.New(fault.Write, "cmd.quiet_time", "seconds", quietTime.Seconds())
	}
}

// log appends a line about the run for an administrator. A log that cannot be
// written does not undo a request: it is a warning, also under --quiet.
func (c *command) log(path string, job app.Create, made *app.Created, failure error) {
	done := make(chan error, 1)
	line := []byte(c.logLine(time.Now(), job, made, failure) + "\n")
	go func() { done <- durable.Append(path, line) }()
	var err error
	select {
	case err = <-done:
	case <-time.After(logTime):
		err = fault.New(fault.Write, "reason.no_answer")
	}
	if err != nil {
		fmt.Fprintln(c.err, brand.Here().Command+": warning:", c.words.Text("cmd.log", "path", words.Visible(path, 300)),
			words.Visible(fault.Explain(err, c.words).Message, 2000))
	}
}

func (c *command) logLine(at time.Time, job app.Create, made *app.Created, failure error) string {
	status, outcome := 0, "cmd.log.made"
	if failure != nil {
		status, outcome = fault.KindOf(failure).ExitStatus(), "cmd.log.failed"
	}
	parts := []string{fmt.Sprintf("%s %s %s exit=%d %s", at.UTC().Format(time.RFC3339), brand.Here().Command, app.Version, status, c.words.Text(outcome))}
	owners := []string{job.LicenseKey, job.Username}
	for i, name := range []string{"license_key", "username"} {
		if owners[i] != "" {
			parts = append(parts, name+"="+masked(owners[i]))
		}
	}
	if made != nil && failure == nil {
		for _, file := range made.Files {
			parts = append(parts, fmt.Sprintf("%s=%q", file.Kind, file.Path))
		}
		parts = append(parts, "check_code="+made.CheckCode(), "request_id="+made.RequestID, "hardware_source="+string(made.HardwareID.Source))
	}
	if failure != nil {
		e := fault.Explain(failure, c.words)
		text := e.Message + " | " + e.Advice
		for _, owner := range owners { // an error may quote what was given
			if owner != "" {
				text = strings.ReplaceAll(text, owner, masked(owner))
			}
		}
		parts = append(parts, text)
	}
	return words.Visible(strings.Join(parts, " "), 8000)
}

// masked shows the last four characters, of a short text none.
func masked(text string) string {
	runes := []rune(text)
	if len(runes) < 8 {
		return "****"
	}
	return "****" + string(runes[len(runes)-4:])
}
