// Command handback releases a LicenseSpring license from a computer without
// internet access: the same jobs as the window, for installers, scripts,
// servers and people who use a screen reader.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/brand"
	"handback/app/fault"
	"handback/app/words"
)

// execute runs the command line and gives the exit status.
func execute(out, err io.Writer) int {
	printed := &printer{to: out}
	c := &command{in: os.Stdin, out: printed, err: err, words: words.For(words.System()...)}
	c.endWithSignals()
	status := c.run(os.Args[1:])
	if failure := printed.failure(); failure != nil {
		c.report(failure)
		return max(status, fault.KindOf(failure).ExitStatus())
	}
	return status
}

// printer remembers that standard output failed: half a request must not pass
// for a whole one.
type printer struct {
	to  io.Writer
	err error
}

func (p *printer) Write(text []byte) (int, error) {
	n, err := p.to.Write(text)
	p.err = cmp.Or(p.err, err)
	return n, err
}

func (p *printer) failure() error {
	if p.err == nil {
		return nil
	}
	return fault.New(fault.Write, "cmd.stdout").Because(p.err)
}

// command is what all commands share: the streams, the language, and the
// flags that several of them have.
type command struct {
	in       io.Reader
	out, err io.Writer
	words    *words.Words

	json       bool
	quiet      bool
	profile    string
	secretFile string
	fileOf     string         // the profile whose secret that file holds
	fileErr    error          // why it cannot be used
	stdin      string         // which flag or argument reads standard input
	started    bool           // the flags were fine
	creating   bool           // create logs for itself
	outTaken   bool           // standard output carries the asked-for thing alone
	unasked    bool           // the secret is not asked for: the command works without
	warned     []words.Phrase // also what --quiet did not say
	unmarked   bool           // no license is touched, so practice is not worth a word
}

// exit is an outcome that has been reported already; its number is the exit
// status.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func (c *command) run(args []string) int {
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := misnamed(root, args)
	if err == nil {
		err = root.Execute()
	}
	if err == nil {
		return 0
	}
	var status exit
	if errors.As(err, &status) {
		return int(status)
	}
	c.json = c.json || !c.started && slices.Contains(args, "--json")
	if !c.started && fault.KindOf(err) == fault.Unexpected {
		err = fault.New(fault.Usage, "cmd.usage")
	}
	if !c.creating {
		c.logRefused(root, args, err)
	}
	c.report(err)
	return fault.KindOf(err).ExitStatus()
}

func (c *command) root() *cobra.Command {
	cobra.MousetrapHelpText = fault.Explain(fault.New(fault.Usage, "cmd.double_clicked"), c.words).Paragraph()
	root := &cobra.Command{
		Use:               brand.Current().Command,
		Short:             c.words.Text("cmd.handback.short"),
		Long:              c.words.Text("cmd.handback.long"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Args:              cobra.ArbitraryArgs, // misnamed has looked at them
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { c.started = true; return notEmpty(cmd) },
	}
	var version bool
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if !version {
			return cmd.Help()
		}
		c.showVersion()
		return nil
	}
	c.yes(root, &version, "version")
	c.yes(root, &c.json, "json")
	root.AddCommand(c.create(), c.inspect(), c.submit(), c.history(), c.profiles(), c.hardwareID(), c.sandbox())
	root.SetFlagErrorFunc(misflagged)
	root.SetHelpCommand(c.help())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Args = none("") // or a shell it does not know would end well, with a help text
	completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range completion.Commands() {
		shell.Args = none("")
	}
	c.completed(root)
	return root
}

// versionJSON is what --version prints with --json.
type versionJSON struct {
	Version     string   `json:"version"`
	Released    string   `json:"released"`                  // a day, YYYY-MM-DD
	Extractable bool     `json:"extractable_key,omitempty"` // a shared key is built in
	Changes     []string `json:"changes"`                   // what is new in it, in English
}

func (c *command) showVersion() {
	if c.json {
		c.object(c.out, versionJSON{app.Packaged(), app.Released.Format(time.DateOnly), brand.EmbeddedKey() != nil, app.Changes()})
		return
	}
	fmt.Fprintln(c.out, brand.Current().Command, app.Packaged())
	fmt.Fprintln(c.out, strings.Join(app.About(c.words), "\n"))
}

// report says an error: what happened, and as a hint what was kept and what
// to do next.
func (c *command) report(err error) {
	e := fault.Explain(err, c.words)
	if c.json {
		c.object(c.err, map[string]fault.Explanation{"error": e})
		return
	}
	fmt.Fprintln(c.err, brand.Current().Command+": error:", words.Visible(e.Message, 2000))
	if e.Advice != "" {
		fmt.Fprintln(c.err, brand.Current().Command+": hint:", e.Advice)
	}
}

// object prints one JSON object on a line of its own, hidden characters
// escaped: a terminal may read it too.
func (c *command) object(to io.Writer, value any) {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // plain structs and valid JSON
	fmt.Fprintln(to, words.VisibleJSON(strings.TrimSuffix(line.String(), "\n")))
}

// say prints a text of the catalogue for a person.
func (c *command) say(to io.Writer, key string, pairs ...any) {
	fmt.Fprintln(to, c.words.Text(key, pairs...))
}

// warn prints a notice on standard error.
func (c *command) warn(phrases ...words.Phrase) {
	c.warned = append(c.warned, phrases...)
	if c.quiet {
		return
	}
	for _, p := range phrases {
		fmt.Fprintln(c.err, brand.Current().Command+": warning:", p.Localize(c.words))
	}
}
