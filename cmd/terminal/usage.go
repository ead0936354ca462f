package terminal

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/fault"
	"handback/app/pattern"
)

// Cobra's and pflag's own errors are in English and for programmers. This file has ours, for
// every way in which a command line can be wrong. None of them quotes what may be a value,
// such as a key in the wrong place.

// CheckCommandName refuses an unknown word where a command is expected. Cobra would print
// the help of the command above and succeed.
func CheckCommandName(root *cobra.Command, args []string) error {
	found, rest, _ := root.Find(args)
	if !found.HasSubCommands() || len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil
	}
	for i := 0; i < len(rest); i++ {
		name, isFlag := strings.CutPrefix(rest[i], "--")
		flag := found.Flag(name)
		switch {
		case isFlag && flag != nil && flag.NoOptDefVal == "":
			i++ // its value
		case isFlag && (name == "" || name == "help" || flag != nil):
		case strings.HasPrefix(rest[i], "-"):
			return nil // an unknown flag, which pflag reports
		default:
			return unknownCommand(found, rest[i])
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
	if guess := nearest(word, names); guess != "" {
		return fault.New(fault.Usage, "cmd.command_meant", "command", above.CommandPath(), "typed", quotable(word), "meant", above.CommandPath()+" "+guess)
	}
	return fault.New(fault.Usage, "cmd.command", "command", above.CommandPath(), "typed", quotable(word), "commands", strings.Join(names, ", "))
}

// CommandOf returns the command that the arguments of help name.
func CommandOf(cmd *cobra.Command, names []string) (*cobra.Command, error) {
	of, rest, _ := cmd.Root().Find(names)
	if len(rest) == 0 {
		return of, nil
	}
	if of.HasSubCommands() {
		return nil, unknownCommand(of, rest[0])
	}
	return nil, tooManyArguments(cmd)
}

// FlagError replaces an error of pflag by ours.
func FlagError(cmd *cobra.Command, err error) error {
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
		typed, name = "-"+all, all // maybe a long name after a single hyphen
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if guess := nearest(name, names); guess != "" {
		return fault.New(fault.Usage, "cmd.flag_meant", "command", cmd.CommandPath(), "typed", quotable(typed), "meant", "--"+guess)
	}
	if unknown.GetSpecifiedShortnames() != "" {
		typed = "-" + unknown.GetSpecifiedName() // the rest may be its value
	}
	return fault.New(fault.Usage, "cmd.flag", "command", cmd.CommandPath(), "typed", quotable(typed))
}

// nameLike matches words that look like names of commands and flags. Keys do not match:
// they have digits or capitals.
var nameLike = pattern.Lazy(`^-{0,2}[a-z][a-z-]{0,20}$`)

// quotable returns a word of the command line as errors may quote it: "…" unless it looks
// like a name, since it may be a key.
func quotable(word string) string {
	if nameLike().MatchString(word) {
		return word
	}
	return "…"
}

// NoArguments refuses arguments. If flag is set, the error proposes it for what was
// given.
func NoArguments(flag string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := NotEmpty(cmd); err != nil || len(args) == 0 {
			return err
		}
		if flag == "license-key" && strings.Contains(args[0], "@") {
			flag = "username"
		}
		if f := cmd.Flag(flag); f != nil {
			return fault.New(fault.Usage, "cmd.too_much_meant", "command", cmd.CommandPath(), "meant", "--"+flag+" "+f.Value.Type())
		}
		return tooManyArguments(cmd)
	}
}

// ArgumentCount requires at least least arguments and at most most; most 0 is no limit.
func ArgumentCount(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := NotEmpty(cmd); err != nil {
			return err
		}
		if len(args) < least {
			return fault.New(fault.Usage, "cmd.too_little", "command", cmd.CommandPath(), "usage", Usage(cmd))
		}
		if most > 0 && len(args) > most {
			return tooManyArguments(cmd)
		}
		return nil
	}
}

// Usage returns how a command is written, without flags.
func Usage(cmd *cobra.Command) string { return strings.TrimSuffix(cmd.UseLine(), " [flags]") }

func tooManyArguments(cmd *cobra.Command) error {
	return fault.New(fault.Usage, "cmd.too_much", "command", cmd.CommandPath(), "usage", Usage(cmd))
}

// nearest returns the name that was probably meant, or "" if none is close: one that
// differs in at most a third of the letters typed, or begins like that.
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

// distance returns the Levenshtein distance of a and b in bytes.
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

// NotEmpty refuses a flag with an empty value: a script's unset variable must not pass
// for the default. It also refuses the name of another flag as a value.
func NotEmpty(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if value := flag.Value.String(); (value == "" || IsFlag(cmd, value)) && err == nil {
			err = fault.New(fault.Usage, "cmd.empty", "flag", "--"+flag.Name)
		}
	})
	return err
}

// IsFlag reports whether value is the name of another flag: the value was forgotten.
func IsFlag(cmd *cobra.Command, value string) bool {
	name, ok := strings.CutPrefix(value, "--")
	return ok && cmd.Flag(name) != nil
}
