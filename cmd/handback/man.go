package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app"
	"handback/app/brand"
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
			of.InitDefaultHelpFlag()
			writeManual(c.out, of)
			return nil
		},
	}
}

// writeManual writes a command's manual page, as man(7) has it. Cobra's own writer
// would bring a YAML and a Markdown library along.
func writeManual(to io.Writer, of *cobra.Command) {
	page := strings.ReplaceAll(of.CommandPath(), " ", "-")
	fmt.Fprintf(to, ".TH %q \"1\" %q %q\n", strings.ToUpper(page), app.Released.Format(time.DateOnly), brand.Here().Name+" "+app.Version)
	section(to, "NAME", plainRoff(page)+` - `+plainRoff(of.Short))
	section(to, "SYNOPSIS", `\fB`+plainRoff(of.UseLine())+`\fR`)
	section(to, "DESCRIPTION", paragraphs(of.Long))
	if of.Example != "" {
		section(to, "EXAMPLE", ".nf\n"+plainRoff(of.Example)+"\n.fi")
	}
	var options, pages strings.Builder
	of.Flags().VisitAll(func(f *pflag.Flag) {
		value, use := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		fmt.Fprintf(&options, ".TP\n\\fB%s\\fR \\fI%s\\fR\n%s\n", plainRoff(name), plainRoff(value), plainRoff(use))
	})
	section(to, "OPTIONS", strings.TrimSpace(options.String()))
	related := of.Commands()
	if of.HasParent() {
		related = append(related, of.Parent())
	}
	for _, other := range related {
		if other.IsAvailableCommand() || other == of.Parent() {
			fmt.Fprintf(&pages, "\\fB%s(1)\\fR\n", plainRoff(strings.ReplaceAll(other.CommandPath(), " ", "-")))
		}
	}
	section(to, "SEE ALSO", strings.TrimSpace(pages.String()))
}

func section(to io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(to, ".SH %s\n%s\n", name, text)
	}
}

func paragraphs(text string) string {
	return strings.ReplaceAll(plainRoff(text), "\n\n", "\n.PP\n")
}

// plainRoff is text in which nothing is an order to roff.
func plainRoff(text string) string {
	text = strings.ReplaceAll(text, `\`, `\e`)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
