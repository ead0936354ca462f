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

// completed makes the values of flags and arguments known to the shells: a choice is
// offered with what it means, and files where a file is meant.
func (c *command) completed(root *cobra.Command) {
	const file, choice, folder = cobra.ShellCompDirectiveDefault, cobra.ShellCompDirectiveNoFileComp, cobra.ShellCompDirectiveFilterDirs
	flags := map[string]cobra.CompletionFunc{
		"density":         cobra.FixedCompletions([]string{"low", "normal", "high"}, choice),
		"hardware-source": offers(c.sources, choice),
		"profile":         offers(c.profileNames, file),
		"receipts":        cobra.FixedCompletions(nil, folder),
		"scenario":        offers(c.scenarios, choice),
		"schema":          cobra.FixedCompletions([]string{"1", "2"}, choice),
		"source":          offers(c.sources, choice),
	}
	arguments := map[string]cobra.CompletionFunc{
		"history export":     first(offers(c.checkCodes(nil), choice)),
		"history import":     cobra.FixedCompletions(nil, file),
		"history receipt":    first(offers(c.checkCodes(answered), choice)),
		"history show":       first(offers(c.checkCodes(nil), choice)),
		"inspect":            cobra.FixedCompletions(nil, file),
		"profile import":     first(cobra.FixedCompletions([]string{"toml"}, cobra.ShellCompDirectiveFilterFileExt)),
		"profile remove":     first(offers(c.profileNames, choice)),
		"profile set-secret": first(offers(c.profileNames, choice)),
		"profile show":       first(offers(c.profileNames, file)),
		"submit":             cobra.FixedCompletions(nil, file),
	}
	for _, one := range andBelow(root) {
		one.Flags().VisitAll(func(f *pflag.Flag) {
			if values := flags[f.Name]; values != nil {
				_ = one.RegisterFlagCompletionFunc(f.Name, values) // there is the flag, and no other function
			}
		})
		one.ValidArgsFunction = arguments[strings.TrimPrefix(one.CommandPath(), root.Name()+" ")]
		if one.ValidArgsFunction == nil {
			one.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}

// offers is a completion by a list that is made when it is asked for.
func offers(list func() []cobra.Completion, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return list(), directive
	}
}

// first completes the first argument alone.
func first(complete cobra.CompletionFunc) cobra.CompletionFunc {
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

// profileNames are those of the profiles that can be read, without the built-in practice.
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

// checkCodes are those of the records that are wanted, nil being all of them, with the
// day, the state and the product of each.
func (c *command) checkCodes(wanted func(journal.Record) bool) func() []cobra.Completion {
	return func() (all []cobra.Completion) {
		j, err := c.journal()
		if err != nil {
			return nil
		}
		records, _ := j.Records()
		for _, r := range records {
			if wanted == nil || wanted(r) {
				about := []string{r.Touched().Local().Format(time.DateOnly), r.Label(c.words), words.Visible(r.Request.Product, 40)}
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

// commandNames completes the names of a command that stand one behind the other.
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
