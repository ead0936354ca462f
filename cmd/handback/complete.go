package main

import (
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app"
	"handback/app/journal"
	"handback/app/machine"
	"handback/app/sandbox"
	"handback/app/words"
)

// addCompletions sets shell completion for the values of flags and arguments: choices
// with a description, and file names where a file is expected.
func (c *command) addCompletions(root *cobra.Command) {
	const file, choice, folder = cobra.ShellCompDirectiveDefault, cobra.ShellCompDirectiveNoFileComp, cobra.ShellCompDirectiveFilterDirs
	flags := map[string]cobra.CompletionFunc{
		"code":            cobra.FixedCompletions([]string{"compact", "link", "plain"}, choice),
		"density":         cobra.FixedCompletions([]string{"low", "normal", "high"}, choice),
		"hardware-source": completions(c.sources, choice),
		"profile":         completions(c.profileNames, file),
		"receipts":        cobra.FixedCompletions(nil, folder),
		"scenario":        completions(c.scenarios, choice),
		"schema":          cobra.FixedCompletions([]string{"1", "2"}, choice),
		"source":          completions(c.sources, choice),
	}
	arguments := map[string]cobra.CompletionFunc{
		"history export":     firstArgument(completions(c.checkCodes(nil), choice)),
		"history import":     cobra.FixedCompletions(nil, file),
		"history receipt":    firstArgument(completions(c.checkCodes(answered), choice)),
		"history show":       firstArgument(completions(c.checkCodes(nil), choice)),
		"inspect":            cobra.FixedCompletions(nil, file),
		"profile import":     firstArgument(cobra.FixedCompletions([]string{"toml"}, cobra.ShellCompDirectiveFilterFileExt)),
		"profile remove":     firstArgument(completions(c.profileNames, choice)),
		"profile set-secret": firstArgument(completions(c.profileNames, choice)),
		"profile show":       firstArgument(completions(c.profileNames, file)),
		"submit":             cobra.FixedCompletions(nil, file),
	}
	for _, one := range withSubcommands(root) {
		one.Flags().VisitAll(func(f *pflag.Flag) {
			if values := flags[f.Name]; values != nil {
				_ = one.RegisterFlagCompletionFunc(f.Name, values) // cannot fail: the flag exists and has no other function
			}
		})
		one.ValidArgsFunction = arguments[strings.TrimPrefix(one.CommandPath(), root.Name()+" ")]
		if one.ValidArgsFunction == nil {
			one.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}

// completions returns a completion function that calls list when the shell asks.
func completions(list func() []cobra.Completion, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return list(), directive
	}
}

// firstArgument completes only the first argument.
func firstArgument(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, typed)
	}
}

func (c *command) sources() (all []cobra.Completion) {
	for _, s := range machine.Sources() {
		all = append(all, cobra.CompletionWithDesc(string(s), c.words.Text("source."+string(s))))
	}
	return all
}

func (c *command) scenarios() (all []cobra.Completion) {
	for _, s := range sandbox.Scenarios() {
		all = append(all, cobra.CompletionWithDesc(s.Name, c.words.Text(s.Key)))
	}
	return all
}

// profileNames returns the names of all readable profiles except the built-in practice
// profile.
func (c *command) profileNames() (all []cobra.Completion) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil
	}
	profiles, _ := app.Profiles(home)
	for _, p := range profiles {
		if !p.Practice || p.Path != "" {
			all = append(all, cobra.CompletionWithDesc(words.Visible(p.Name, 200), words.Visible(p.Product.Code, 40)))
		}
	}
	return all
}

// checkCodes returns a function that lists the check codes of the records for which
// wanted is true, each with its day, state and product. If wanted is nil, it lists all
// records.
func (c *command) checkCodes(wanted func(journal.Record) bool) func() []cobra.Completion {
	return func() (all []cobra.Completion) {
		j, err := c.journal()
		if err != nil {
			return nil
		}
		records, _ := j.Records()
		for _, r := range records {
			if wanted == nil || wanted(r) {
				about := []string{r.Updated().Local().Format(time.DateOnly), r.Label(c.words), words.Visible(r.Request.Product, 40)}
				all = append(all, cobra.CompletionWithDesc(r.Request.CheckCode(), strings.Join(about, ", ")))
			}
		}
		return all
	}
}

func answered(r journal.Record) bool {
	_, err := r.MakeReceipt()
	return err == nil
}

// commandNames completes a command name whose parts are separate arguments, such as
// "history show".
func commandNames(cmd *cobra.Command, args []string, _ string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	if of, err := commandOf(cmd, args); err == nil {
		for _, one := range of.Commands() {
			if one.IsAvailableCommand() {
				all = append(all, cobra.CompletionWithDesc(one.Name(), one.Short))
			}
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
