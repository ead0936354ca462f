package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app"
	"handback/app/brand"
	"handback/app/fault"
	"handback/app/sandbox"
	"handback/app/words"
)

func (c *command) man() *cobra.Command {
	var list bool
	cmd := &cobra.Command{
		Use:     "man [COMMAND ...]",
		Short:   c.words.Text("cmd.man.short"),
		Long:    c.words.Text("cmd.man.long"),
		Example: c.words.Text("cmd.man.example"),
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			of, err := commandOf(cmd, args)
			if err != nil {
				return err
			}
			if !list {
				of.InitDefaultHelpFlag()
				c.writeManual(of)
				return nil
			}
			for _, one := range andBelow(of) {
				fmt.Fprintln(c.out, one.CommandPath())
			}
			return nil
		},
	}
	c.yes(cmd, &list, "list")
	return cmd
}

// andBelow are a command and all commands below it that people may call.
func andBelow(of *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{of}
	for _, one := range of.Commands() {
		if one.IsAvailableCommand() {
			all = append(all, andBelow(one)...)
		}
	}
	return all
}

// writeManual writes a command's manual page, as man(7) has it. Cobra's own writer
// would bring a YAML and a Markdown library along.
func (c *command) writeManual(of *cobra.Command) {
	// No word is divided: it may be part of a path.
	fmt.Fprintf(c.out, ".TH \"%s\" \"1\" \"%s\" \"%s\"\n.nh\n.ad l\n", plainRoff(strings.ToUpper(page(of))),
		app.Released.Format(time.DateOnly), plainRoff(brand.Current().Name+" "+app.Packaged()))
	section(c.out, "NAME", page(of)+` \- `+plainRoff(of.Short)) // the name as it is: whatis reads it
	usage := bold(of.UseLine())
	if of.HasAvailableSubCommands() {
		usage += "\n.br\n" + bold(of.CommandPath()+" COMMAND")
	}
	section(c.out, "SYNOPSIS", usage)
	section(c.out, "DESCRIPTION", paragraphs(cmp.Or(of.Long, words.Sentence(of.Short))))
	var commands, options strings.Builder
	for _, one := range of.Commands() {
		if one.IsAvailableCommand() {
			item(&commands, link(one), one.Short)
		}
	}
	section(c.out, "COMMANDS", commands.String())
	of.Flags().VisitAll(func(f *pflag.Flag) {
		value, use := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		name = bold(name)
		if value != "" {
			name += ` \fI` + plainRoff(value) + `\fR`
		}
		if f.DefValue != "" && f.DefValue != "false" {
			use += " (default " + f.DefValue + ")"
		}
		item(&options, name, use)
	})
	section(c.out, "OPTIONS", options.String())
	if of.Name() == "sandbox" {
		var scenarios strings.Builder
		for _, s := range sandbox.Scenarios() {
			item(&scenarios, bold(s.Name), c.words.Text(s.Key))
		}
		section(c.out, "SCENARIOS", scenarios.String())
	}
	section(c.out, "EXIT STATUS", c.exitStatuses(of))
	if !of.HasParent() {
		section(c.out, "ENVIRONMENT", items(c.words.Text("cmd.man.environment")))
		section(c.out, "FILES", items(c.words.Text("cmd.man.files"))+".PP\n"+plainRoff(c.words.Text("cmd.man.home")))
	}
	section(c.out, "EXAMPLE", paragraphs(of.Example))
	if of.HasParent() {
		section(c.out, "SEE ALSO", link(of.Parent()))
	}
}

// worst is the last of the exit statuses that a command may end with; those that only
// print what the program holds have none.
var worst = map[string]fault.Kind{
	"":               fault.Unknown,
	"create":         fault.Write,
	"hardware-id":    fault.Write,
	"history":        fault.Write,
	"history import": fault.Connection, // another program has the record
	"inspect":        fault.Write,
	"profile":        fault.Write,
	"sandbox":        fault.Connection, // another program has the port
	"submit":         fault.Unknown,
}

// exitStatuses is the table of those that a command may end with.
func (c *command) exitStatuses(of *cobra.Command) string {
	path := strings.TrimSpace(strings.TrimPrefix(of.CommandPath(), of.Root().Name()))
	first, _, _ := strings.Cut(path, " ")
	last := cmp.Or(worst[path], worst[first])
	if last == "" || of.HasParent() && of.HasSubCommands() {
		return ""
	}
	var table strings.Builder
	item(&table, bold("0"), c.words.Text("cmd.exit.done"))
	for _, kind := range fault.Kinds()[:last.ExitStatus()] {
		item(&table, bold(strconv.Itoa(kind.ExitStatus())), c.words.Text("cmd.exit."+string(kind)))
	}
	if !of.HasParent() || strings.HasSuffix(of.Use, "...") {
		table.WriteString(".PP\n" + plainRoff(c.words.Text("cmd.exit")))
	}
	return table.String()
}

// page is the name of a command's page, which git's pages have taught people.
func page(of *cobra.Command) string { return strings.ReplaceAll(of.CommandPath(), " ", "-") }

func link(to *cobra.Command) string { return bold(page(to)) + "(1)" }

func bold(text string) string { return `\fB` + plainRoff(text) + `\fR` }

func section(to io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(to, ".SH %s\n%s\n", name, strings.TrimSuffix(text, "\n"))
	}
}

// item is an entry of a list: a term in roff, and plain words about it.
func item(to io.Writer, term, text string) {
	fmt.Fprintf(to, ".TP\n%s\n%s\n", term, plainRoff(text))
}

// items is a list of paragraphs, each with its term as the first line.
func items(text string) string {
	var list strings.Builder
	for one := range strings.SplitSeq(text, "\n\n") {
		term, about, _ := strings.Cut(one, "\n")
		item(&list, bold(term), about)
	}
	return list.String()
}

// paragraphs keeps the lines of those that are indented: they are typed.
func paragraphs(text string) string {
	all := strings.Split(plainRoff(strings.Trim(text, "\n")), "\n\n")
	for i, one := range all {
		if strings.HasPrefix(one, " ") || strings.HasPrefix(one, "\t") {
			all[i] = ".nf\n" + strings.ReplaceAll(one, "\t", "  ") + "\n.fi"
		}
	}
	return strings.Join(all, "\n.PP\n")
}

// asTyped are the characters that roff would set as typographers do: copied from a page,
// an option or a path would not work. A backslash would be an order.
var asTyped = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "~", `\(ti`, "^", `\(ha`, "`", `\(ga`)

// plainRoff is text in which nothing is an order to roff.
func plainRoff(text string) string {
	lines := strings.Split(asTyped.Replace(text), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
