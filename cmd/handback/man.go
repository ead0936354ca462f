package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"handback/app"
	"handback/app/fault"
)

func (c *command) man() *cobra.Command {
	return &cobra.Command{
		Use:     "man [COMMAND]",
		Short:   c.words.Text("cmd.man.short"),
		Long:    c.words.Text("cmd.man.long"),
		Example: c.words.Text("cmd.man.example"),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			of, _, err := cmd.Root().Find(args)
			if err != nil {
				return fault.New(fault.Usage, "cmd.usage").Because(err)
			}
			return doc.GenMan(of, &doc.GenManHeader{Section: "1", Source: "Handback " + app.Version, Date: &app.Released}, c.out)
		},
	}
}
