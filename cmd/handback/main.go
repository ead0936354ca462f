// Command handback releases a LicenseSpring license from a computer without internet
// access. It does the same as the window, for installers, scripts, servers and people who
// use a screen reader.
//
// All rules are in package [handback/app]; this package reads the command line and prints
// the results. command.root lists the commands. Each has its own file, with a
// method that declares its flags and a method run… that does the work.
//
// Results go to standard output, as text or with --json as one JSON object on a line;
// errors, warnings and questions go to standard error. The exit status is that of the
// worst error, see [fault.Kind.ExitStatus].
package main

import (
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
	"handback/cmd/terminal"
)

// execute runs the command line and returns the exit status.
func execute(out, err io.Writer) int {
	printed := &terminal.Printer{To: out}
	c := &command{in: os.Stdin, out: printed, err: err, words: words.For(words.System()...)}
	c.endWithSignals()
	status := c.run(os.Args[1:])
	if failure := printed.Failure(); failure != nil {
		c.report(failure)
		return max(status, fault.KindOf(failure).ExitStatus())
	}
	return status
}

// command is shared by all commands: the streams, the language, the flags that several
// commands have, and what a run has done so far.
type command struct {
	in       io.Reader
	out, err io.Writer
	words    *words.Words

	json             bool
	quiet            bool
	profile          string
	secretFile       string
	secretFileOf     string         // the name of the profile that secretFile was read for
	secretFileErr    error          // why secretFile cannot be used
	stdinUsedBy      string         // the flag or argument that reads standard input; no other may
	parsed           bool           // Cobra accepted flags and arguments: errors are no longer usage errors
	createRan        bool           // create was started, and writes --log itself; otherwise run does
	stdoutTaken      bool           // standard output has the request alone; other text goes to standard error
	noPrompt         bool           // never prompt for the shared key: the command works without it
	warned           []words.Phrase // all warnings, also those that --quiet did not print, for --log
	noPracticeNotice bool           // do not say that a practice profile is in use: it was said, or no license is touched
	many             bool           // there are several requests
	listErr          error          // why the list of --files-from could not be read to its end
}

func (c *command) run(args []string) int {
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := terminal.CheckCommandName(root, args)
	if err == nil {
		err = root.Execute()
	}
	if err == nil {
		return 0
	}
	var status terminal.Exit
	if errors.As(err, &status) {
		return int(status)
	}
	c.json = c.json || !c.parsed && slices.Contains(args, "--json")
	if !c.parsed && fault.KindOf(err) == fault.Unexpected {
		err = fault.New(fault.Usage, "cmd.usage")
	}
	if !c.createRan {
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
		Example:           c.words.Text("cmd.handback.example"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Args:              cobra.ArbitraryArgs, // terminal.CheckCommandName has checked them
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { c.parsed = true; return terminal.NotEmpty(cmd) },
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
	root.AddCommand(c.create(), c.inspect(), c.submit(), c.check(), c.history(), c.profiles(), c.hardwareID(), c.sandbox())
	root.SetFlagErrorFunc(terminal.FlagError)
	help := c.help()
	root.SetHelpCommand(help)
	root.InitDefaultHelpCmd()
	c.completion(root)
	root.SetHelpFunc(c.showHelp)
	for _, one := range append(withSubcommands(root), help) {
		one.Flags().SortFlags = false
		one.InitDefaultHelpFlag()
		one.Flag("help").Usage = c.words.Text("flag.help")
	}
	c.addCompletions(root)
	return root
}

// versionJSON is printed by --version --json.
type versionJSON struct {
	Version     string   `json:"version"`
	Released    string   `json:"released"`                  // YYYY-MM-DD
	Extractable bool     `json:"extractable_key,omitempty"` // a shared key is built in
	Changes     []string `json:"changes"`                   // new in this version, in English
}

func (c *command) showVersion() {
	if c.json {
		c.object(c.out, versionJSON{app.Packaged(), app.Released.Format(time.DateOnly), brand.EmbeddedKey() != nil, app.Changes()})
		return
	}
	fmt.Fprintln(c.out, brand.Current().Command, app.Packaged())
	fmt.Fprintln(c.out, strings.Join(app.About(c.words), "\n"))
}

// terminal returns where the command prints.
func (c *command) terminal() *terminal.Terminal {
	return &terminal.Terminal{Name: brand.Current().Command, Out: c.out, Err: c.err, Words: c.words, JSON: &c.json}
}

func (c *command) report(err error)               { c.terminal().Report(err) }
func (c *command) remark(key, text string)        { c.terminal().Remark(key, text) }
func (c *command) object(to io.Writer, value any) { c.terminal().Object(to, value) }

// say prints a text of the catalogue.
func (c *command) say(to io.Writer, key string, pairs ...any) {
	fmt.Fprintln(to, c.words.Text(key, pairs...))
}

// warn prints warnings on standard error, unless --quiet is set, and remembers them for
// --log.
func (c *command) warn(phrases ...words.Phrase) {
	c.warned = append(c.warned, phrases...)
	if c.quiet {
		return
	}
	for _, p := range phrases {
		c.remark("cmd.warning", p.Localize(c.words))
	}
}
