package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
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
func (c *command) inTime(job func(*command) (*app.Outgoing, error)) (*app.Outgoing, error) {
	type result struct {
		made *app.Outgoing
		err  error
	}
	var out, err strings.Builder
	own := *c // it goes on by itself where it is late
	own.out, own.err = &out, &err
	done := make(chan result, 1)
	go func() {
		made, err := job(&own)
		done <- result{made, err}
	}()
	select {
	case r := <-done:
		c.warned = own.warned
		fmt.Fprint(c.err, err.String())
		fmt.Fprint(c.out, out.String())
		return r.made, r.err
	case <-time.After(quietTime):
		return nil, fault.New(errQuietTime.Kind, errQuietTime.Key, "seconds", quietTime.Seconds())
	}
}

// log appends a line about the run for an administrator. A log that cannot be
// written does not undo a request: it is a warning, also under --quiet.
func (c *command) log(path string, job app.Create, made *app.Outgoing, failure error) {
	hide := append(hidden{job.LicenseKey, job.Username, c.secretFile}, quoted(failure)...)
	c.append(path, hide.in(c.logLine(time.Now(), job, made, failure)))
}

// logRefused is log for a command line that create did not come to, wherever --log stands
// in it. The error may quote any of it.
func (c *command) logRefused(root *cobra.Command, args []string, failure error) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetOutput(io.Discard)
	path := flags.String("log", "", "")
	create, _, err := root.Find(args)
	if err != nil || create.Name() != "create" || flags.Parse(args) != nil || *path == "" || isFlag(create, *path) {
		return
	}
	c.append(*path, valuesIn(args, create.Flags()).in(c.logLine(time.Now(), app.Create{}, nil, failure)))
}

// valuesIn are what may be a value in a command line that was not understood: all but the
// names of flags, of which some values stand right behind.
func valuesIn(args []string, flags *pflag.FlagSet) (values hidden) {
	for _, arg := range args {
		for _, piece := range strings.FieldsFunc(arg, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("='\"", r) }) {
			value := piece
			flags.VisitAll(func(f *pflag.Flag) {
				if rest, ok := strings.CutPrefix(piece, "--"+f.Name); ok && len(rest) < len(value) {
					value = rest
				}
			})
			switch {
			case flagName.MatchString(value):
				continue
			case strings.HasPrefix(value, "-") && !strings.HasPrefix(value, "--"):
				value = value[2:]
			}
			values = append(values, value)
		}
	}
	return values
}

// flagName is a flag, or a mistyped one. License keys have digits or capitals.
var flagName = regexp.MustCompile(`^(--?[a-z-]*)?$`)

// append ends in time, whatever the folder is.
func (c *command) append(path, text string) {
	done := make(chan error, 1)
	line := []byte(text + "\n")
	go func() {
		if err := durable.Folder(filepath.Dir(path)); err != nil { // as --output makes its own
			done <- err
			return
		}
		done <- durable.Append(path, line)
	}()
	var err error
	select {
	case err = <-done:
	case <-time.After(logTime):
		err = fault.New(fault.Write, "reason.no_answer")
	}
	if err != nil {
		e := fault.Explain(fault.New(fault.Write, "cmd.log", "path", path).Because(err), c.words)
		fmt.Fprintln(c.err, brand.Current().Command+": warning:", words.Visible(e.Message, 2000))
	}
}

// logLine is what is logged, with what has to be hidden.
func (c *command) logLine(at time.Time, job app.Create, made *app.Outgoing, failure error) string {
	status, outcome := 0, "cmd.log.made"
	if failure != nil {
		status = fault.KindOf(failure).ExitStatus()
	}
	kept := failure == nil || made != nil && len(made.Files) > 0 // the request stays though what was printed is lost
	if !kept {
		outcome = "cmd.log.failed"
	}
	parts := []string{fmt.Sprintf("%s %s %s exit=%d %s", at.UTC().Format(time.RFC3339), brand.Current().Command, app.Packaged(), status, c.words.Text(outcome))}
	if job.LicenseKey != "" {
		parts = append(parts, "license_key="+masked(job.LicenseKey))
	}
	if job.Username != "" {
		parts = append(parts, "username="+masked(job.Username))
	}
	if made != nil && kept {
		for _, file := range made.Files {
			parts = append(parts, fmt.Sprintf("%s=%q", file.Kind, file.Path))
		}
		parts = append(parts, "check_code="+made.CheckCode(), "request_id="+made.RequestID, "hardware_source="+string(made.HardwareID.Source))
	}
	for _, phrase := range c.warned { // which --quiet says nowhere else
		parts = append(parts, fmt.Sprintf("warning=%q", phrase.Localize(c.words)))
	}
	if failure != nil {
		e := fault.Explain(failure, c.words)
		parts = append(parts, e.Message+" | "+e.Advice)
	}
	return strings.Join(parts, " ")
}

// quoted are what an error quotes of a command line in which values may have been
// mixed up: what a key was probably meant to be, a profile's name, a variable.
func quoted(failure error) (all []string) {
	f, ok := errors.AsType[*fault.Fault](failure)
	if !ok {
		return nil
	}
	for i := 0; i+1 < len(f.Pairs); i += 2 {
		if text, ok := f.Pairs[i+1].(string); ok && slices.Contains([]any{"proposed", "variable", "name"}, f.Pairs[i]) {
			all = append(all, text)
		}
	}
	return all
}

// hidden are texts of which a log shows the last four characters at most.
type hidden []string

// in is a line without them, fit for a terminal.
func (h hidden) in(line string) string {
	line = words.Visible(line, 8000)
	h = slices.SortedFunc(slices.Values(h), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // one may hold another
	for _, text := range h {
		if len([]rune(text)) < fewest { // it would be found in words too
			continue
		}
		quoted := strings.Trim(strconv.Quote(text), `"`) // as Cobra has it
		for _, form := range []string{quoted, text, words.Visible(text, 8000)} {
			line = strings.ReplaceAll(line, form, masked(text))
		}
	}
	return line
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
