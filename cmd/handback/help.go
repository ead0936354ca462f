package main

import (
	"github.com/spf13/cobra"

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

// flagGroups are the groups of flags in --help.
var flagGroups = []terminal.FlagGroup{
	{Heading: "cmd.help.what", Names: []string{"license-key", "username", "license-id", "product", "hardware-id", "hardware-source", "hardware-from",
		"variable", "consumptions", "schema", "no-host-data", "unsigned", "source", "all", "scenario", "licenses",
		"since", "until", "state", "license"}},
	{Heading: "cmd.help.where", Names: []string{"output", "qr", "density", "sheet", "card", "csv", "receipts", "listen", "force"}},
	{Heading: "cmd.help.whose", Names: []string{"profile", "secret-file", "endpoint"}},
	{Heading: "cmd.help.how"},
}

// showHelp prints the help of a command.
func (c *command) showHelp(cmd *cobra.Command, _ []string) {
	h := terminal.Help{Terminal: c.terminal(), Groups: flagGroups, Values: c.values}
	h.Show(cmd)
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
