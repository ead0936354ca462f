package main

import "github.com/spf13/cobra"

// help shows the help of a command. Cobra's own ends well where there is no such command.
func (c *command) help() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND ...]",
		Short: c.words.Text("cmd.help.short"),
		Args:  takes(0, 0),

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

// andBelow returns a command and all commands below it that people may call.
func andBelow(of *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{of}
	for _, one := range of.Commands() {
		if one.IsAvailableCommand() {
			all = append(all, andBelow(one)...)
		}
	}
	return all
}
