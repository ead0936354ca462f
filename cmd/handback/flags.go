package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"handback/app"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
	"handback/app/words"
)

// maxLine is the maximum length, in bytes, of a license key or username on standard
// input.
const maxLine = 4096

// text declares a flag with a value; see [terminal.Terminal.Flag].
func (c *command) text(cmd *cobra.Command, value *string, name, placeholder string, pairs ...any) {
	c.terminal().Flag(cmd, value, name, placeholder, pairs...)
}

// yes declares a flag without a value.
func (c *command) yes(cmd *cobra.Command, value *bool, name string) {
	c.terminal().Switch(cmd, value, name)
}

// profileFlags declares the flags of the commands that use a profile and its shared key.
func (c *command) profileFlags(cmd *cobra.Command) {
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.text(cmd, &c.secretFile, "secret-file", "FILE")
	c.yes(cmd, &c.json, "json")
}

// app returns the App of the chosen profile, and prints a notice if that is a practice
// profile.
func (c *command) app() (*app.App, error) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil, err
	}
	p, err := app.Profile(home, c.profile)
	if err != nil {
		return nil, err
	}
	if p.Practice && c.quiet {
		return nil, fault.New(fault.Usage, "cmd.quiet_practice")
	}
	if p.Practice {
		c.sayPractice()
	}
	return c.appFor(home, p, "")
}

// appFor returns the App of profile p. The shared key is read when it is first needed. A
// non-empty endpoint replaces the profile's in choosing the key.
func (c *command) appFor(home string, p profile.Profile, endpoint string) (*app.App, error) {
	readSecret := sync.OnceValues(func() (secret.Secret, error) { return c.secret(p, endpoint) }) // once: standard input cannot be read again
	a, err := app.New(home, p, c.words, readSecret)
	if err != nil {
		return nil, err
	}
	a.RemoveLeftovers()
	if a.SecretNamed = c.secretFile != ""; a.SecretNamed {
		return a.WithProfile(p, readSecret)
	}
	return a, nil
}

func (c *command) sayPractice() {
	if !c.json && !c.noPracticeNotice {
		c.noPracticeNotice = true // once is enough
		c.say(c.err, "cmd.practice")
	}
}

// batch returns an empty batch. Each request uses the profile named with --profile;
// without that flag, the profile that belongs to the request.
func (c *command) batch(job app.Submit, jobs int) (*app.Batch, error) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil, err
	}
	options := app.Options{Submit: job, Jobs: jobs}
	var chosen profile.Profile
	if c.profile != "" {
		options.Only = true
		if chosen, err = app.Profile(home, c.profile); err != nil {
			return nil, err
		}
	}
	a, err := c.appFor(home, chosen, job.Endpoint)
	if err != nil {
		return nil, err
	}
	options.Profiles = sync.OnceValues(func() ([]profile.Profile, error) { return app.Profiles(home) })
	options.Secret = func(p profile.Profile) (secret.Secret, error) { return c.secret(p, job.Endpoint) }
	if chosen.Practice {
		c.sayPractice()
	}
	return a.Batch(options), nil
}

// look prints a notice when the first request is practice, and fails if --secret-file
// cannot be used.
func (c *command) look(rows []app.Row) error {
	c.many = c.many || len(rows) > 1
	practice := func(r app.Row) bool { return r.App != nil && r.App.Profile.Practice }
	if slices.ContainsFunc(rows, practice) {
		c.sayPractice()
	}
	return c.secretFileErr
}

// secret returns the shared key of profile p: from --secret-file, else from the system's
// keyring, if it was stored for this destination, else from a prompt if standard input is
// a terminal.
func (c *command) secret(p profile.Profile, endpoint string) (secret.Secret, error) {
	if c.secretFile != "" {
		if c.secretFileOf != "" && c.secretFileOf != p.Name {
			c.secretFileErr = fault.New(fault.Usage, "cmd.secret_file_twice", "first", c.secretFileOf, "second", p.Name)
			return secret.Secret{}, c.secretFileErr
		}
		var key secret.Secret
		c.secretFileOf = p.Name
		key, c.secretFileErr = c.fromFile()
		return key, c.secretFileErr
	}
	if c.quiet {
		return secret.Secret{}, secret.ErrNone // reading the keyring may open a dialog to unlock it
	}
	stored, storedErr := app.StoredSecret(p, endpoint)
	if storedErr == nil {
		return stored, nil
	}
	if errors.Is(storedErr, app.ErrMoved) && c.canPrompt() {
		c.report(storedErr)
	}
	typed, err := c.promptSecret(p.Name, p.Destination(endpoint).Hosts())
	if errors.Is(err, secret.ErrNone) && !errors.Is(storedErr, secret.ErrNotStored) {
		return typed, secret.ErrNone.Because(storedErr)
	}
	return typed, err
}

// fromFileOrTerminal returns the shared key from --secret-file or a prompt, never from
// the keyring.
func (c *command) fromFileOrTerminal(p profile.Profile) (secret.Secret, error) {
	if c.secretFile != "" {
		return c.fromFile()
	}
	return c.promptSecret(p.Name, p.Destination("").Hosts())
}

// fromFile reads the shared key from --secret-file.
func (c *command) fromFile() (secret.Secret, error) {
	if c.secretFile == "-" {
		if err := c.takeStdin("--secret-file"); err != nil {
			return secret.Secret{}, err
		}
		return secret.From(c.in, "-")
	}
	s, open, err := secret.FromFile(c.secretFile)
	if open && err == nil {
		c.warn(words.Say("secret.warn.open", "path", c.secretFile))
	}
	return s, err
}

// canPrompt reports whether a person can be asked: standard input is a terminal that
// nothing else reads.
func (c *command) canPrompt() bool {
	terminal, ok := c.in.(*os.File)
	return ok && !c.noPrompt && !c.quiet && c.stdinUsedBy == "" && term.IsTerminal(int(terminal.Fd()))
}

// confirm prints a question and reports whether the answer was yes.
func (c *command) confirm(key string, pairs ...any) bool {
	defer c.prompting()()
	fmt.Fprint(c.err, c.words.Text(key, pairs...), " ")
	answer, _ := bufio.NewReader(io.LimitReader(c.in, maxLine)).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), c.words.Text("cmd.yes"))
}

// promptSecret asks for the shared key of a profile, naming the hosts it is for. It
// returns secret.ErrNone if it cannot ask or gets no answer.
func (c *command) promptSecret(name, hosts string) (secret.Secret, error) {
	if !c.canPrompt() {
		return secret.Secret{}, secret.ErrNone
	}
	terminal := c.in.(*os.File)
	defer c.prompting()()
	fmt.Fprint(c.err, c.words.Text("cmd.ask_secret", "name", name, "host", hosts), " ")
	typed, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(c.err)
	if err != nil || len(typed) == 0 {
		return secret.Secret{}, secret.ErrNone
	}
	return secret.Typed(typed)
}

// takeStdin reserves standard input for one flag or argument. It fails if another one
// reads it.
func (c *command) takeStdin(who string) error {
	if c.stdinUsedBy != "" {
		return fault.New(fault.Usage, "cmd.two_inputs", "first", c.stdinUsedBy, "second", who)
	}
	c.stdinUsedBy = who
	return nil
}

// stdinLine replaces the value "-" by the line on standard input.
func (c *command) stdinLine(flag string, value *string) error {
	if *value != "-" {
		return nil
	}
	if err := c.takeStdin("--" + flag); err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(c.in, maxLine+1))
	if err != nil {
		return fault.New(fault.Input, "cmd.stdin").Because(err)
	}
	if len(text) > maxLine {
		return fault.New(fault.Input, "cmd.stdin_long", "limit", maxLine)
	}
	*value = strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")) // Windows programs write a byte order mark
	switch {
	case *value == "":
		return fault.New(fault.Usage, "cmd.stdin_empty", "flag", "--"+flag)
	case !utf8.ValidString(*value) || strings.ContainsAny(*value, "\x00\r\n"):
		*value = ""
		return fault.New(fault.Input, "cmd.stdin_text", "flag", "--"+flag)
	}
	return nil
}
