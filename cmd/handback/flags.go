package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"handback/app"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
	"handback/app/words"
)

// maxLine bounds a license key or username read from standard input.
const maxLine = 4096

// text declares a flag that takes a value, with its words from the catalogue, which the
// pairs fill.
func (c *command) text(cmd *cobra.Command, value *string, name, placeholder string, pairs ...any) {
	cmd.Flags().StringVar(value, name, "", c.words.Text("flag."+name, pairs...))
	hold(cmd, name, placeholder)
}

// hold sets what stands for a flag's value in the help.
func hold(cmd *cobra.Command, name, placeholder string) {
	flag := cmd.Flag(name)
	flag.Value = held{flag.Value, placeholder}
	if flag.DefValue == "[]" || flag.DefValue == "0" {
		flag.DefValue = "" // or help and manual page would show it
	}
}

type held struct {
	pflag.Value
	placeholder string
}

func (h held) Type() string { return h.placeholder }

// yes declares a flag that is given or not.
func (c *command) yes(cmd *cobra.Command, value *bool, name string) {
	cmd.Flags().BoolVar(value, name, false, c.words.Text("flag."+name))
}

// common declares the flags of the commands that work under a profile.
func (c *command) common(cmd *cobra.Command) {
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.text(cmd, &c.secretFile, "secret-file", "FILE")
	c.yes(cmd, &c.json, "json")
}

// app makes the App of the chosen profile. Under practice it says so.
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
	return c.under(home, p, "")
}

// under makes the App of a profile, whose secret is for the endpoint where that is not
// empty.
func (c *command) under(home string, p profile.Profile, endpoint string) (*app.App, error) {
	ask := sync.OnceValues(func() (secret.Secret, error) { return c.secret(p, endpoint) }) // standard input can be read once
	a, err := app.New(home, p, c.words, ask)
	if err != nil {
		return nil, err
	}
	a.RemoveLeftovers()
	if c.secretFile != "" && p.BuiltIn {
		a.Secret = ask // a key that is given takes precedence over a built-in one
	}
	return a, nil
}

func (c *command) sayPractice() {
	if !c.json && !c.unmarked {
		c.say(c.err, "cmd.practice")
	}
}

// batch makes the job that all inputs become: under the profile that was named, else
// each request under its own.
func (c *command) batch(ctx context.Context, inputs []app.Input, job app.Submit) (*app.Batch, error) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil, err
	}
	options := app.Options{Submit: job}
	var chosen profile.Profile
	if c.profile != "" {
		options.Only = true
		if chosen, err = app.Profile(home, c.profile); err != nil {
			return nil, err
		}
	}
	a, err := c.under(home, chosen, job.Endpoint)
	if err != nil {
		return nil, err
	}
	options.Profiles = sync.OnceValues(func() ([]profile.Profile, error) { return app.Profiles(home) })
	options.Secret = func(p profile.Profile) (secret.Secret, error) { return c.secret(p, job.Endpoint) }
	b := a.Batch(options)
	b.Add(ctx, inputs...)
	practice := func(r app.Row) bool { return r.App != nil && r.App.Profile.Practice }
	if chosen.Practice || slices.ContainsFunc(b.Rows(), practice) {
		c.sayPractice()
	}
	return b, c.fileErr
}

// secret reads the shared key from --secret-file; else it takes the one in the
// system's keyring for where it is to go; else it asks for it where there is a terminal.
func (c *command) secret(p profile.Profile, endpoint string) (secret.Secret, error) {
	if c.secretFile != "" {
		if c.fileOf != "" && c.fileOf != p.Name {
			c.fileErr = fault.New(fault.Usage, "cmd.secret_file_twice", "first", c.fileOf, "second", p.Name)
			return secret.Secret{}, c.fileErr
		}
		var key secret.Secret
		c.fileOf = p.Name
		key, c.fileErr = c.fromFile()
		return key, c.fileErr
	}
	if c.quiet {
		return secret.Secret{}, secret.ErrNone // the keyring may open a dialog to be unlocked
	}
	kept, why := app.StoredSecret(p, endpoint)
	if why == nil {
		return kept, nil
	}
	if errors.Is(why, app.ErrMoved) && c.asks() {
		c.report(why)
	}
	asked, err := c.ask(p.Name, p.Destination(endpoint).Hosts())
	if errors.Is(err, secret.ErrNone) && !errors.Is(why, secret.ErrNotStored) {
		return asked, secret.ErrNone.Because(why)
	}
	return asked, err
}

// fromFileOrTerminal is secret without the keyring.
func (c *command) fromFileOrTerminal(p profile.Profile) (secret.Secret, error) {
	if c.secretFile != "" {
		return c.fromFile()
	}
	return c.ask(p.Name, p.Destination("").Hosts())
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

// asks tells whether there is somebody to ask: standard input is a terminal.
func (c *command) asks() bool {
	terminal, ok := c.in.(*os.File)
	return ok && !c.unasked && !c.quiet && c.stdin == "" && term.IsTerminal(int(terminal.Fd()))
}

// confirm asks a question on the terminal, and takes one answer for a yes.
func (c *command) confirm(key string, pairs ...any) bool {
	defer c.prompting()()
	fmt.Fprint(c.err, c.words.Text(key, pairs...), " ")
	answer, _ := bufio.NewReader(io.LimitReader(c.in, maxLine)).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), c.words.Text("cmd.yes"))
}

// ask asks for a profile's shared key on the terminal, and says where it goes.
func (c *command) ask(name, hosts string) (secret.Secret, error) {
	if !c.asks() {
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

// takeStdin gives standard input to one flag or argument, and to no second.
func (c *command) takeStdin(who string) error {
	if c.stdin != "" {
		return fault.New(fault.Usage, "cmd.two_inputs", "first", c.stdin, "second", who)
	}
	c.stdin = who
	return nil
}

// line replaces "-" by the line that standard input holds.
func (c *command) line(flag string, value *string) error {
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
	*value = strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")) // as Windows' programs write it
	switch {
	case *value == "":
		return fault.New(fault.Usage, "cmd.stdin_empty", "flag", "--"+flag)
	case !utf8.ValidString(*value) || strings.ContainsAny(*value, "\x00\r\n"):
		*value = ""
		return fault.New(fault.Input, "cmd.stdin_text", "flag", "--"+flag)
	}
	return nil
}

// notEmpty refuses a flag that was given an empty value: a script's unset
// variable must not pass for the default.
func notEmpty(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if value := flag.Value.String(); (value == "" || isFlag(cmd, value)) && err == nil {
			err = fault.New(fault.Usage, "cmd.empty", "flag", "--"+flag.Name)
		}
	})
	return err
}

// isFlag tells of a value that is the next flag: the value itself was forgotten.
func isFlag(cmd *cobra.Command, value string) bool {
	name, ok := strings.CutPrefix(value, "--")
	return ok && cmd.Flag(name) != nil
}

// inputs are the files to read, "-" being standard input.
func (c *command) inputs(args []string, limit int64) ([]app.Input, error) {
	var all []app.Input
	for _, arg := range args {
		if arg != "-" {
			all = append(all, app.Input{Name: arg})
			continue
		}
		if err := c.takeStdin("-"); err != nil {
			return nil, err
		}
		if c.secretFile == "-" {
			return nil, fault.New(fault.Usage, "cmd.two_inputs", "first", "-", "second", "--secret-file")
		}
		data, err := io.ReadAll(io.LimitReader(c.in, limit+1)) // one more: the reader then says that it is too large
		if err != nil {
			return nil, fault.New(fault.Input, "cmd.stdin").Because(err)
		}
		all = append(all, app.Input{Name: "-", Data: append([]byte{}, data...)})
	}
	return all, nil
}
