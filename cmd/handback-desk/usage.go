package main

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/fault"
	"handback/app/pattern"
)

// flagError replaces an error of pflag, which is in English and for programmers, by ours.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var without *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	typed := "…"
	switch {
	case errors.As(err, &unknown):
		if name := "--" + unknown.GetSpecifiedName(); nameLike().MatchString(name) {
			typed = name
		}
	case errors.As(err, &without):
		return fault.New(fault.Usage, "cmd.empty", "flag", "--"+without.GetFlag().Name)
	case errors.As(err, &wrong):
		return fault.New(fault.Usage, "cmd.number", "flag", "--"+wrong.GetFlag().Name)
	}
	return fault.New(fault.Usage, "cmd.flag", "command", cmd.CommandPath(), "typed", typed)
}

// nameLike matches words that look like names of commands and flags. Others may be keys,
// which no error quotes.
var nameLike = pattern.Lazy(`^-{0,2}[a-z][a-z-]{0,20}$`)

// arguments requires a number of arguments.
func arguments(count int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > count && cmd.HasSubCommands():
			typed := "…"
			if nameLike().MatchString(args[0]) {
				typed = args[0]
			}
			return fault.New(fault.Usage, "cmd.command", "command", cmd.CommandPath(), "typed", typed, "commands", cmd.Commands()[0].Name())
		case len(args) > count:
			return fault.New(fault.Usage, "cmd.too_much", "command", cmd.CommandPath(), "usage", cmd.UseLine())
		case len(args) < count:
			return fault.New(fault.Usage, "cmd.too_little", "command", cmd.CommandPath(), "usage", cmd.UseLine())
		}
		return nil
	}
}
