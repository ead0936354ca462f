package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/machine"
	"handback/app/sandbox"
	"handback/cmd/terminal"
)

// help prints the help of a command. Cobra's own help command succeeds for a command that
// does not exist.
func (c *command) help() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND ...]",
		Short: c.words.Text("cmd.help.short"),
		Args:  terminal.ArgumentCount(0, 0),

		ValidArgsFunction: commandNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			of, err := terminal.CommandOf(cmd, args)
			if err != nil {
				return err
			}
			return of.Help()
		},
	}
}

// completion adds Cobra's command completion, with our texts.
func (c *command) completion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd, _, _ := root.Find([]string{"completion"})
	cmd.Short, cmd.Long = c.words.Text("cmd.completion.short"), c.words.Text("cmd.completion.long")
	cmd.Args = terminal.NoArguments("") // otherwise an unknown shell would print the help and succeed
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	script := root.Name() + " completion "
	for name, load := range map[string][2]string{
		"bash":       {"~/.bashrc", "source <(" + script + "bash)"},
		"fish":       {"~/.config/fish/config.fish", script + "fish | source"},
		"powershell": {"$PROFILE", script + "powershell | Out-String | Invoke-Expression"},
		"zsh":        {"~/.zshrc", "source <(" + script + "zsh)"},
	} {
		shell, _, _ := root.Find([]string{"completion", name})
		shell.Args = terminal.NoArguments("")
		shell.Short = c.words.Text("cmd.completion.shell", "shell", name)
		shell.Long = c.words.Text("cmd.completion.load", "shell", name, "file", load[0], "line", load[1])
		shell.Flag("no-descriptions").Usage = c.words.Text("flag.no-descriptions")
	}
}

// withSubcommands returns a command and all visible commands below it.
func withSubcommands(of *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{of}
	for _, one := range of.Commands() {
		if one.IsAvailableCommand() {
			all = append(all, withSubcommands(one)...)
		}
	}
	return all
}

// flagGroups are the headings of the flags in --help, each with its flags. Flags that are
// not listed are in the last group.
var flagGroups = []struct {
	heading string // a key of the catalogue
	names   []string
}{
	{"cmd.help.what", []string{"license-key", "username", "license-id", "product", "hardware-id", "hardware-source", "hardware-from",
		"variable", "consumptions", "schema", "no-host-data", "unsigned", "source", "all", "scenario", "licenses",
		"since", "until", "state", "license"}},
	{"cmd.help.where", []string{"output", "qr", "density", "sheet", "card", "csv", "receipts", "listen", "force"}},
	{"cmd.help.whose", []string{"profile", "secret-file", "endpoint"}},
	{"cmd.help.how", nil},
}

// groupOf returns the index of a flag's group.
func groupOf(f *pflag.Flag) int {
	for i, group := range flagGroups {
		if slices.Contains(group.names, f.Name) {
			return i
		}
	}
	return len(flagGroups) - 1
}

// showHelp prints what a command does, how it is written, examples, its commands, and its
// flags in groups. Cobra's own help is in English.
func (c *command) showHelp(cmd *cobra.Command, _ []string) {
	t := c.words.Text
	var text strings.Builder
	section := func(heading string, lines ...string) {
		fmt.Fprintf(&text, "\n%s\n%s\n", heading, strings.Join(lines, "\n"))
	}
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	fmt.Fprintln(&text, about)
	line := terminal.Usage(cmd)
	if cmd.HasSubCommands() {
		line += " COMMAND"
	}
	section(t("cmd.help.usage"), "  "+line+" ["+t("cmd.help.flags")+"]")
	if cmd.Example != "" {
		section(t("cmd.help.examples"), cmd.Example)
	}
	var names []string
	for _, one := range cmd.Commands() {
		if one.IsAvailableCommand() || one.Name() == "help" {
			names = append(names, fmt.Sprintf("  %-11s  %s", one.Name(), one.Short))
		}
	}
	if len(names) > 0 {
		section(t("cmd.help.commands"), names...)
	}
	groups := c.flagLines(cmd)
	for i, lines := range groups {
		switch only := slices.IndexFunc(groups, func(l []string) bool { return len(l) > 0 }) == len(groups)-1; {
		case only && i == len(groups)-1:
			section(t("cmd.help.all_flags"), lines...)
		case len(lines) > 0:
			section(t(flagGroups[i].heading), lines...)
		}
	}
	if heading, values := c.values(cmd); len(values) > 0 {
		var lines []string
		for _, v := range values {
			lines = append(lines, fmt.Sprintf("  %-28s %s", v[0], v[1]))
		}
		section(heading, lines...)
	}
	if cmd.HasSubCommands() {
		fmt.Fprintf(&text, "\n%s\n", t("cmd.help.more", "command", cmd.CommandPath()))
	}
	fmt.Fprint(c.out, text.String())
}

// flagLines returns the lines about a command's flags, by their groups.
func (c *command) flagLines(cmd *cobra.Command) [][]string {
	width := 0
	left := func(f *pflag.Flag) string {
		text := "      --" + f.Name
		if f.Shorthand != "" {
			text = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value, ok := f.Value.(terminal.PlaceholderValue); ok {
			text += " " + value.Placeholder
		}
		return text
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { width = max(width, len(left(f))) })
	groups := make([][]string, len(flagGroups))
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		line := fmt.Sprintf("%-*s   %s", width, left(f), f.Usage)
		if _, ok := f.Value.(terminal.PlaceholderValue); ok && f.DefValue != "" {
			line += " " + c.words.Text("cmd.help.default", "value", f.DefValue)
		}
		groups[groupOf(f)] = append(groups[groupOf(f)], line)
	})
	return groups
}

// values returns the fixed values that a flag of cmd takes, each with what it means, and
// their heading. Most commands have none.
func (c *command) values(cmd *cobra.Command) (heading string, values [][2]string) {
	switch {
	case cmd.Flag("scenario") != nil:
		for _, s := range sandbox.Scenarios() {
			values = append(values, [2]string{s.Name, c.words.Text(s.Key)})
		}
		return c.words.Text("cmd.help.scenarios"), values
	case cmd.Flag("hardware-source") != nil || cmd.Flag("source") != nil:
		for _, s := range machine.Sources() {
			values = append(values, [2]string{string(s), c.words.Text("source." + string(s))})
		}
		return c.words.Text("cmd.help.sources"), values
	}
	return "", nil
}
