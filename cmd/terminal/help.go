package terminal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Help prints the help of commands. Cobra's own is in English.
type Help struct {
	*Terminal
	Groups []FlagGroup // of flags; those that are in none are in the last; nil: one group
	// Values returns the fixed values that a flag of a command takes, each with what it means,
	// and their heading. It may be nil.
	Values func(*cobra.Command) (heading string, values [][2]string)
}

// FlagGroup is a heading, a key of the catalogue, with flags.
type FlagGroup struct {
	Heading string
	Names   []string
}

// groupOf returns the index of a flag's group.
func (h *Help) groupOf(f *pflag.Flag) int {
	for i, group := range h.Groups {
		if slices.Contains(group.Names, f.Name) {
			return i
		}
	}
	return max(0, len(h.Groups)-1)
}

// Show prints what a command does, how it is written, examples, its commands, and its
// flags in groups. Cobra's own help is in English.
func (h *Help) Show(cmd *cobra.Command) {
	t := h.Words.Text
	var text strings.Builder
	section := func(heading string, lines ...string) {
		fmt.Fprintf(&text, "\n%s\n%s\n", heading, strings.Join(lines, "\n"))
	}
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	fmt.Fprintln(&text, about)
	line := Usage(cmd)
	if cmd.HasSubCommands() && !strings.Contains(line, "COMMAND") {
		line += " COMMAND"
	}
	section(t("cmd.help.usage"), "  "+line+" ["+t("cmd.help.flags")+"]")
	if cmd.Example != "" {
		section(t("cmd.help.examples"), cmd.Example)
	}
	width := 11
	for _, one := range cmd.Commands() {
		width = max(width, len(one.Name()))
	}
	var names []string
	for _, one := range cmd.Commands() {
		if one.IsAvailableCommand() || one.Name() == "help" {
			names = append(names, fmt.Sprintf("  %-*s  %s", width, one.Name(), one.Short))
		}
	}
	if len(names) > 0 {
		section(t("cmd.help.commands"), names...)
	}
	groups := h.flagLines(cmd)
	for i, lines := range groups {
		switch only := slices.IndexFunc(groups, func(l []string) bool { return len(l) > 0 }) == len(groups)-1; {
		case only && i == len(groups)-1:
			section(t("cmd.help.all_flags"), lines...)
		case len(lines) > 0:
			section(t(h.Groups[i].Heading), lines...)
		}
	}
	if h.Values != nil {
		heading, values := h.Values(cmd)
		var lines []string
		for _, v := range values {
			lines = append(lines, fmt.Sprintf("  %-28s %s", v[0], v[1]))
		}
		if len(lines) > 0 {
			section(heading, lines...)
		}
	}
	if cmd.HasSubCommands() {
		fmt.Fprintf(&text, "\n%s\n", t("cmd.help.more", "command", cmd.CommandPath()))
	}
	fmt.Fprint(h.Out, text.String())
}

// flagLines returns the lines about a command's flags, by their groups.
func (h *Help) flagLines(cmd *cobra.Command) [][]string {
	width := 0
	left := func(f *pflag.Flag) string {
		text := "      --" + f.Name
		if f.Shorthand != "" {
			text = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value, ok := f.Value.(PlaceholderValue); ok {
			text += " " + value.Placeholder
		}
		return text
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { width = max(width, len(left(f))) })
	groups := make([][]string, max(1, len(h.Groups)))
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		line := fmt.Sprintf("%-*s   %s", width, left(f), f.Usage)
		if _, ok := f.Value.(PlaceholderValue); ok && f.DefValue != "" {
			line += " " + h.Words.Text("cmd.help.default", "value", f.DefValue)
		}
		groups[h.groupOf(f)] = append(groups[h.groupOf(f)], line)
	})
	return groups
}
