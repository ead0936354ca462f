package main

import "github.com/spf13/cobra"

// help prints the help of a command. Cobra's own help command succeeds for a command that
// does not exist.
func (c *command) help() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND ...]",
		Short: c.words.Text("cmd.help.short"),
		Args:  argumentCount(0, 0),

		ValidArgsFunction: commandNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			of, err := commandOf(cmd, args)
			if err != nil {
				return err
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
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
