package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

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
	c.append(path, c.logLine(time.Now(), job, made, failure, proposed(failure)))
}

// logRefused is log for a command line that create did not come to, wherever --log stands
// in it. A key at a wrong place is quoted by the error.
func (c *command) logRefused(args []string, failure error) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetOutput(io.Discard)
	path := flags.String("log", "", "")
	if !slices.Contains(args, "create") || flags.Parse(args) != nil || *path == "" {
		return
	}
	var values []string
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok && !strings.HasPrefix(name, "-") {
			value = name
		}
		values = append(values, value)
	}
	c.append(*path, c.logLine(time.Now(), app.Create{}, nil, failure, values))
}

// append ends in time, whatever the folder is.
func (c *command) append(path, text string) {
	done := make(chan error, 1)
	line := []byte(text + "\n")
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

// logLine is what is logged; hidden are texts that the failure may quote.
func (c *command) logLine(at time.Time, job app.Create, made *app.Created, failure error, hidden []string) string {
	status, outcome := 0, "cmd.log.made"
	if failure != nil {
		status = fault.KindOf(failure).ExitStatus()
	}
	kept := failure == nil || made != nil && len(made.Files) > 0 // the request stays though what was printed is lost
	if !kept {
		outcome = "cmd.log.failed"
	}
	parts := []string{fmt.Sprintf("%s %s %s exit=%d %s", at.UTC().Format(time.RFC3339), brand.Here().Command, app.Version, status, c.words.Text(outcome))}
	owners := []string{job.LicenseKey, job.Username}
	for i, name := range []string{"license_key", "username"} {
		if owners[i] != "" {
			parts = append(parts, name+"="+masked(owners[i]))
		}
	}
	if made != nil && kept {
		for _, file := range made.Files {
			parts = append(parts, fmt.Sprintf("%s=%q", file.Kind, file.Path))
		}
		parts = append(parts, "check_code="+made.CheckCode(), "request_id="+made.RequestID, "hardware_source="+string(made.HardwareID.Source))
	}
	if failure != nil {
		e := fault.Explain(failure, c.words)
		text := e.Message + " | " + e.Advice
		for _, quoted := range append(owners, hidden...) {
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
