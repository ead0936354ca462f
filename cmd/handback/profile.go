package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/words"
	"handback/cmd/terminal"
)

// profiles returns the command profile with its subcommands.
func (c *command) profiles() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "profile",
		Short:   c.words.Text("cmd.profile.short"),
		Long:    c.words.Text("cmd.profile.long"),
		Example: c.words.Text("cmd.profile.example"),
		Args:    terminal.NoArguments(""),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var force bool
	list := &cobra.Command{Use: "list", Short: c.words.Text("cmd.profile.list.short"), Args: terminal.NoArguments(""),
		RunE: func(*cobra.Command, []string) error { return c.runProfileList() }}
	show := &cobra.Command{Use: "show NAME|FILE", Short: c.words.Text("cmd.profile.show.short"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return c.runProfileShow(args[0]) }}
	imports := &cobra.Command{Use: "import FILE", Short: c.words.Text("cmd.profile.import.short"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return c.runProfileImport(args[0], force) }}
	remove := &cobra.Command{Use: "remove NAME", Short: c.words.Text("cmd.profile.remove.short"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return c.runProfileRemove(args[0]) }}
	set := &cobra.Command{Use: "set-secret NAME", Short: c.words.Text("cmd.profile.set-secret.short"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return c.runProfileSetSecret(args[0]) }}
	test := &cobra.Command{Use: "test NAME|FILE", Short: c.words.Text("cmd.profile.test.short"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return c.runProfileTest(args[0]) }}
	c.yes(imports, &force, "force")
	c.text(set, &c.secretFile, "secret-file", "FILE")
	c.text(test, &c.secretFile, "secret-file", "FILE")
	cmd.AddCommand(list, show, imports, remove, set, test)
	for _, one := range cmd.Commands() {
		c.yes(one, &c.json, "json")
	}
	return cmd
}

// profileJSON is printed by profile with --json.
type profileJSON struct {
	Name     string `json:"name"`
	Practice bool   `json:"practice"`
	Product  string `json:"product"`
	Tag      string `json:"tag"` // stands for the product and the API key in codes
	Endpoint string `json:"endpoint"`
	Host     string `json:"host,omitempty"` // where requests are sent; two hosts with OAuth
	Path     string `json:"path,omitempty"`
}

func (c *command) showProfileJSON(p profile.Profile) {
	c.object(c.out, profileJSON{p.Name, p.Practice, p.Product.Code, p.Common().Tag().String(), p.Server.Endpoint, p.Destination("").Hosts(), p.Path})
}

func (c *command) folders() (profile.Folders, error) {
	home, err := app.Home(os.Getenv)
	return app.ProfileFolders(home), err
}

func (c *command) runProfileList() error {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return err
	}
	all, err := app.Profiles(home)
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range all {
		if c.json {
			c.showProfileJSON(p)
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", words.Visible(p.Name, 60), words.Visible(p.Product.Code, 40), words.Visible(p.Server.Endpoint, 100))
	}
	_ = table.Flush()
	return err
}

func (c *command) runProfileShow(named string) error {
	folders, err := c.folders()
	if err != nil {
		return err
	}
	p, err := profile.Choose(folders, named)
	if err != nil {
		return err
	}
	if c.json {
		c.showProfileJSON(p)
		return nil
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, m := range p.Members() {
		fmt.Fprintf(table, "%s\t%s\n", m.Name, words.Visible(m.Value, 300))
	}
	fmt.Fprintf(table, "tag\t%s\n", p.Common().Tag())
	return table.Flush()
}

func (c *command) runProfileImport(path string, force bool) error {
	folders, err := c.folders()
	if err != nil {
		return err
	}
	_, text, err := profile.Read(path)
	if err != nil {
		return err
	}
	p, err := profile.Import(folders.Own, path, text, force)
	if err != nil {
		return err
	}
	return c.showDone(p, "cmd.profile.imported")
}

// runProfileRemove removes a profile, and its shared key from the keyring.
func (c *command) runProfileRemove(named string) error {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return err
	}
	p, left, err := app.RemoveProfile(home, named)
	if err != nil {
		return err
	}
	if f, ok := errors.AsType[*fault.Fault](left); ok {
		c.warn(words.Say("cmd.profile.secret_left", "why", words.Say(f.Key, f.Pairs...)))
	}
	return c.showDone(p, "cmd.profile.removed")
}

func (c *command) runProfileSetSecret(named string) error {
	folders, err := c.folders()
	if err != nil {
		return err
	}
	p, err := profile.Named(folders, named)
	if err != nil {
		return err
	}
	if p.EmbeddedKey() != nil { // a key in the keyring would never be used
		return fault.New(fault.Usage, "profile.key_built_in", "name", p.Name)
	}
	given, err := c.fromFileOrTerminal(p)
	if err = cmp.Or(err, app.CheckSecret(p, given)); err != nil {
		return err
	}
	if err := app.StoreSecret(p, given); err != nil {
		return err
	}
	return c.showDone(p, "cmd.profile.secret_set")
}

// profileCheckJSON is printed by profile test with --json.
type profileCheckJSON struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// runProfileTest tries whether requests can be submitted with a profile. Its exit status is
// that of the worst check.
func (c *command) runProfileTest(named string) error {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return err
	}
	p, err := app.Profile(home, named)
	if err != nil {
		return err
	}
	a, err := c.appFor(home, p, "")
	if err != nil {
		return err
	}
	if p.Practice {
		c.sayPractice()
	}
	ctx, stop := interruptible()
	defer stop()
	worst := 0
	for _, check := range a.TestProfile(ctx) {
		worst = max(worst, check.Kind.ExitStatus())
		if c.json {
			c.object(c.out, profileCheckJSON{check.Check, check.OK, check.Detail, check.Remedy})
			continue
		}
		key := "cmd.profile.test.failed"
		if check.OK {
			key = "cmd.profile.test.ok"
		}
		c.say(c.out, key, "check", c.words.Text("test.check."+check.Check), "detail", check.Detail)
		if check.Remedy != "" {
			fmt.Fprintln(c.out, "        "+check.Remedy)
		}
	}
	return terminal.Status(worst)
}

// showDone prints what was done with a profile.
func (c *command) showDone(p profile.Profile, key string) error {
	if c.json {
		c.showProfileJSON(p)
		return nil
	}
	c.say(c.out, key, "name", p.Name, "path", p.Path, "host", p.Destination("").Hosts())
	return nil
}
