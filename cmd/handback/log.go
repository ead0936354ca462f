package main

import (
	"errors"
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

// errQuietTime says that a job that nobody watches took too long. It may go on.
var errQuietTime = fault.New(fault.Write, "cmd.quiet_time")

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
		return nil, fault.New(errQuietTime.Kind, errQuietTime.Key, "seconds", quietTime.Seconds())
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
		for _, quoted := range append(owners, proposed(failure)...) {
			if len([]rune(quoted)) >= fewest { // shorter ones would be found in words too
				text = strings.ReplaceAll(text, quoted, masked(quoted))
			}
		}
		parts = append(parts, text)
	}
	return words.Visible(strings.Join(parts, " "), 8000)
}

// proposed are what an error takes the license key or username to have been meant to
// be: it quotes them.
func proposed(failure error) (all []string) {
	f, ok := errors.AsType[*fault.Fault](failure)
	if !ok {
		return nil
	}
	for i := 0; i+1 < len(f.Pairs); i += 2 {
		if text, ok := f.Pairs[i+1].(string); ok && f.Pairs[i] == "proposed" {
			all = append(all, text)
		}
	}
	return all
}

// fewest are the characters from which on the last four may be shown.
const fewest = 8

// masked shows the last four characters, of a short text none.
func masked(text string) string {
	runes := []rune(text)
	if len(runes) < fewest {
		return "****"
	}
	return "****" + string(runes[len(runes)-4:])
}
