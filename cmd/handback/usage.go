package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/fault"
)

// Cobra's and pflag's own errors are English and for programmers: here are ours, for
// each way in which a command line may not be understood. None quotes what may be a
// value: a key that slipped is not printed.

// misnamed refuses a word where a command is expected. Cobra would show the help of the
// command above, and end well.
func misnamed(root *cobra.Command, args []string) error {
	found, rest, _ := root.Find(args)
	if !found.HasSubCommands() || len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil
	}
	for _, arg := range rest {
		name, isFlag := strings.CutPrefix(arg, "--")
		switch {
		case isFlag && (name == "" || name == "help" || found.Flags().Lookup(name) != nil):
		case strings.HasPrefix(arg, "-"):
			return nil // that flag is what is not understood
		default:
			return unknownCommand(found, arg)
		}
	}
	return nil
}

func unknownCommand(above *cobra.Command, word string) error {
	var names []string
	for _, one := range above.Commands() {
		if one.IsAvailableCommand() {
			names = append(names, one.Name())
		}
	}
	if meant := nearest(word, names); meant != "" {
		return fault.New(fault.Usage, "cmd.command_meant", "command", above.CommandPath(), "typed", shown(word), "meant", above.CommandPath()+" "+meant)
	}
	return fault.New(fault.Usage, "cmd.command", "command", above.CommandPath(), "typed", shown(word), "commands", strings.Join(names, ", "))
}

// commandOf is the command that the arguments of help or man name.
func commandOf(cmd *cobra.Command, names []string) (*cobra.Command, error) {
	of, rest, _ := cmd.Root().Find(names)
	if len(rest) == 0 {
		return of, nil
	}
	if of.HasSubCommands() {
		return nil, unknownCommand(of, rest[0])
	}
	return nil, tooMuch(cmd)
}

// misflagged puts pflag's errors into our words.
func misflagged(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var without *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	var number *strconv.NumError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &without):
		return fault.New(fault.Usage, "cmd.empty", "flag", "--"+without.GetFlag().Name)
	case errors.As(err, &wrong) && errors.As(err, &number) && number.Func == "ParseBool":
		return fault.New(fault.Usage, "cmd.no_value", "flag", "--"+wrong.GetFlag().Name)
	case errors.As(err, &wrong):
		return fault.New(fault.Usage, "cmd.number", "flag", "--"+wrong.GetFlag().Name)
	}
	return fault.New(fault.Usage, "cmd.flag", "command", cmd.CommandPath(), "typed", "…")
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	typed, name := "--"+unknown.GetSpecifiedName(), unknown.GetSpecifiedName()
	if all := unknown.GetSpecifiedShortnames(); all != "" {
		typed, name = "-"+all, all // a long one behind a single hyphen?
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if meant := nearest(name, names); meant != "" {
		return fault.New(fault.Usage, "cmd.flag_meant", "command", cmd.CommandPath(), "typed", shown(typed), "meant", "--"+meant)
	}
	if unknown.GetSpecifiedShortnames() != "" {
		typed = "-" + unknown.GetSpecifiedName() // what follows may be its value
	}
	return fault.New(fault.Usage, "cmd.flag", "command", cmd.CommandPath(), "typed", shown(typed))
}

// nameLike is a word as names of commands and flags are. Keys have digits or capitals.
var nameLike = regexp.MustCompile(`^-{0,2}[a-z][a-z-]{0,20}$`)

// shown is what may be quoted of a command line that was not understood.
func shown(word string) string {
	if nameLike.MatchString(word) {
		return word
	}
	return "…"
}

// none refuses arguments; behind the flag, if one is named, what was given belongs.
func none(flag string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := notEmpty(cmd); err != nil || len(args) == 0 {
			return err
		}
		if flag == "license-key" && strings.Contains(args[0], "@") {
			flag = "username"
		}
		if f := cmd.Flag(flag); f != nil {
			return fault.New(fault.Usage, "cmd.too_much_meant", "command", cmd.CommandPath(), "meant", "--"+flag+" "+f.Value.Type())
		}
		return tooMuch(cmd)
	}
}

// takes wants a number of arguments from least to most; 0 is any.
func takes(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := notEmpty(cmd); err != nil {
			return err
		}
		if len(args) < least {
			return fault.New(fault.Usage, "cmd.too_little", "command", cmd.CommandPath(), "usage", usage(cmd))
		}
		if most > 0 && len(args) > most {
			return tooMuch(cmd)
		}
		return nil
	}
}

// usage is how a command is written, without the flags, which are its own choice.
func usage(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

func tooMuch(cmd *cobra.Command) error {
	return fault.New(fault.Usage, "cmd.too_much", "command", cmd.CommandPath(), "usage", usage(cmd))
}

// nearest is the name that was probably meant, empty for none: one that differs in a third
// of its letters at most, or begins so.
func nearest(typed string, names []string) (meant string) {
	typed = strings.ToLower(typed)
	least := (len(typed) + 5) / 3
	for _, name := range names {
		begins := name[:min(len(name), len(typed))]
		if d := min(distance(typed, name), 1+distance(typed, begins)); d < least {
			meant, least = name, d
		}
	}
	return meant
}

// distance is Levenshtein's: how many bytes have to be put in, taken out or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
