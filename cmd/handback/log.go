package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
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
	"handback/app/pattern"
	"handback/app/words"
	"handback/cmd/terminal"
)

// Together under ten seconds: what an uninstaller may be held up for.
var (
	// The times that create --quiet and --log may take. Together they stay below ten
	// seconds, since an uninstaller waits for them.
	quietTime = 8 * time.Second
	logTime   = time.Second
)

// errQuietTime means that create --quiet took longer than quietTime. It may still be
// running.
var errQuietTime = fault.New(fault.Write, "cmd.quiet_time")

// inTime runs job, for at most quietTime. The output of job is printed once it has ended;
// a job that takes longer prints nothing.
func (c *command) inTime(job func(*command) (*app.Outgoing, error)) (*app.Outgoing, error) {
	type result struct {
		made *app.Outgoing
		err  error
	}
	var out, err strings.Builder
	own := *c // a copy: job may run on after inTime has returned
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

// log appends a line about the run for an administrator. If the log cannot be written,
// that is a warning, also under --quiet: the request was made.
func (c *command) log(path string, job app.Create, made *app.Outgoing, failure error) {
	hide := append(sensitive{job.LicenseKey, job.Username, c.secretFile}, quotedTexts(failure)...)
	c.appendLog(path, hide.redact(c.logLine(time.Now(), job, made, failure)))
}

// logRefused logs a command line of create that was refused before create ran. It looks
// for --log anywhere in args. All possible values are masked, since the error may quote
// any of them.
func (c *command) logRefused(root *cobra.Command, args []string, failure error) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetOutput(io.Discard)
	path := flags.String("log", "", "")
	create, _, err := root.Find(args)
	if err != nil || create.Name() != "create" || flags.Parse(args) != nil || *path == "" || terminal.IsFlag(create, *path) {
		return
	}
	c.appendLog(*path, possibleValues(args, create.Flags()).redact(c.logLine(time.Now(), app.Create{}, nil, failure)))
}

// possibleValues returns everything in args that may be the value of a flag: all but the
// names of flags, also when a value follows a name without a separator.
func possibleValues(args []string, flags *pflag.FlagSet) (values sensitive) {
	for _, arg := range args {
		for _, piece := range strings.FieldsFunc(arg, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("='\"", r) }) {
			value := piece
			flags.VisitAll(func(f *pflag.Flag) {
				if rest, ok := strings.CutPrefix(piece, "--"+f.Name); ok && len(rest) < len(value) {
					value = rest
				}
			})
			switch {
			case flagName().MatchString(value):
				continue
			case strings.HasPrefix(value, "-") && !strings.HasPrefix(value, "--"):
				value = value[2:]
			}
			values = append(values, value)
		}
	}
	return values
}

// flagName matches the name of a flag, mistyped ones too. License keys do not match: they
// have digits or capitals.
var flagName = pattern.Lazy(`^(--?[a-z-]*)?$`)

// appendLog writes one line, and gives up after logTime: a network folder may not answer.
func (c *command) appendLog(path, text string) {
	done := make(chan error, 1)
	line := []byte(text + "\n")
	go func() {
		if err := durable.Folder(filepath.Dir(path)); err != nil { // --output makes its folder too
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
		c.remark("cmd.warning", words.Visible(e.Message, 2000))
	}
}

// logLine returns the line, with nothing masked but license key and username of the job.
func (c *command) logLine(at time.Time, job app.Create, made *app.Outgoing, failure error) string {
	status, outcome := 0, "cmd.log.made"
	if failure != nil {
		status = fault.KindOf(failure).ExitStatus()
	}
	written := failure == nil || made != nil && len(made.Files) > 0 // the files are there even if printing failed
	if !written {
		outcome = "cmd.log.failed"
	}
	parts := []string{fmt.Sprintf("%s %s %s exit=%d %s", at.UTC().Format(time.RFC3339), brand.Current().Command, app.Packaged(), status, c.words.Text(outcome))}
	if job.LicenseKey != "" {
		parts = append(parts, "license_key="+masked(job.LicenseKey))
	}
	if job.Username != "" {
		parts = append(parts, "username="+masked(job.Username))
	}
	if made != nil && written {
		for _, file := range made.Files {
			parts = append(parts, fmt.Sprintf("%s=%q", file.Kind, file.Path))
		}
		parts = append(parts, "check_code="+made.CheckCode(), "request_id="+made.RequestID, "hardware_source="+string(made.HardwareID.Source))
	}
	for _, phrase := range c.warned { // --quiet prints them nowhere else
		parts = append(parts, fmt.Sprintf("warning=%q", phrase.Localize(c.words)))
	}
	if failure != nil {
		e := fault.Explain(failure, c.words)
		parts = append(parts, e.Message+" | "+e.Advice)
	}
	return strings.Join(parts, " ")
}

// quotedTexts returns the texts that an error quotes from the command line and that may
// be a key or username in the wrong place: a proposed key, a profile's name, a variable.
func quotedTexts(failure error) (all []string) {
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

// sensitive are texts of which a log shows at most the last four characters.
type sensitive []string

// redact returns line with the texts masked and invisible characters escaped.
func (s sensitive) redact(line string) string {
	line = words.Visible(line, 8000)
	s = slices.SortedFunc(slices.Values(s), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // longest first: one may contain another
	for _, text := range s {
		if len([]rune(text)) < leastShown { // too short: it would match parts of words
			continue
		}
		quoted := strings.Trim(strconv.Quote(text), `"`) // as Cobra's errors quote it
		for _, form := range []string{quoted, text, words.Visible(text, 8000)} {
			line = strings.ReplaceAll(line, form, masked(text))
		}
	}
	return line
}

// leastShown is the length from which masked shows the last four characters.
const leastShown = 8

// masked returns **** and the last four characters of text, or only **** if text is
// shorter than leastShown.
func masked(text string) string {
	runes := []rune(text)
	if len(runes) < leastShown {
		return "****"
	}
	return "****" + string(runes[len(runes)-4:])
}
