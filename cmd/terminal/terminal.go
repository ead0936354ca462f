// Package terminal has what Handback's programs for a terminal have in common: how they
// report errors, the errors of a command line that is not understood, and the commands of
// the history, which read a [journal.Journal] wherever it is stored.
//
// A program makes a [Terminal], and adds what [Terminal.History] returns to its commands.
package terminal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/fault"
	"handback/app/words"
)

// Terminal is where a program prints.
type Terminal struct {
	Name     string // of the program
	Out, Err io.Writer
	Words    *words.Words
	JSON     *bool // what the flag --json sets
}

// Report prints an error: what happened, and as a hint what was left as it is and what to
// do next.
func (t *Terminal) Report(err error) {
	e := fault.Explain(err, t.Words)
	if *t.JSON {
		t.Object(t.Err, map[string]fault.Explanation{"error": e})
		return
	}
	t.Remark("cmd.error", words.Visible(e.Message, 2000))
	if e.Advice != "" {
		t.Remark("cmd.hint", e.Advice)
	}
}

// Remark prints a line on standard error that begins with the program's name and a word
// of the catalogue.
func (t *Terminal) Remark(key, text string) {
	fmt.Fprintln(t.Err, t.Name+": "+t.Words.Text(key), text)
}

// Object prints value as JSON on one line. Invisible characters are escaped, since a
// terminal may show the line.
func (t *Terminal) Object(to io.Writer, value any) {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // plain structs and valid JSON
	fmt.Fprintln(to, words.VisibleJSON(strings.TrimSuffix(line.String(), "\n")))
}

// Say prints a text of the catalogue as a result.
func (t *Terminal) Say(key string, pairs ...any) { t.say(t.Out, key, pairs...) }

// say prints a text of the catalogue.
func (t *Terminal) say(to io.Writer, key string, pairs ...any) {
	fmt.Fprintln(to, t.Words.Text(key, pairs...))
}

// Exit is the error of a command that has already reported what failed. Its value is the
// exit status.
type Exit int

func (e Exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Status returns the error for an exit status whose reason was already reported, nil for
// 0.
func Status(n int) error {
	if n == 0 {
		return nil
	}
	return Exit(n)
}

// Printer is standard output. It remembers the first error: half a request must not pass
// for a whole one.
type Printer struct {
	To  io.Writer
	err error
}

func (p *Printer) Write(text []byte) (int, error) {
	n, err := p.To.Write(text)
	p.err = cmp.Or(p.err, err)
	return n, err
}

// Failure returns the error to report when the command has ended, or nil.
func (p *Printer) Failure() error {
	if p.err == nil {
		return nil
	}
	return fault.New(fault.Write, "cmd.stdout").Because(p.err)
}

// Flag declares a flag with a value. The catalogue has its description as flag.NAME; pairs
// fill its placeholders.
func (t *Terminal) Flag(cmd *cobra.Command, value *string, name, placeholder string, pairs ...any) {
	cmd.Flags().StringVar(value, name, "", t.Words.Text("flag."+name, pairs...))
	SetPlaceholder(cmd, name, placeholder)
}

// Switch declares a flag without a value.
func (t *Terminal) Switch(cmd *cobra.Command, value *bool, name string) {
	cmd.Flags().BoolVar(value, name, false, t.Words.Text("flag."+name))
}

// SetPlaceholder sets the value name shown in --help.
func SetPlaceholder(cmd *cobra.Command, name, placeholder string) {
	flag := cmd.Flag(name)
	flag.Value = PlaceholderValue{flag.Value, placeholder}
	if flag.DefValue == "[]" || flag.DefValue == "0" {
		flag.DefValue = "" // otherwise help and manual page would show it as the default
	}
}

// PlaceholderValue is a flag value with another name for its type.
type PlaceholderValue struct {
	pflag.Value
	Placeholder string
}

// Type returns the placeholder.
func (v PlaceholderValue) Type() string { return v.Placeholder }
