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
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/words"
	"handback/cmd/terminal"
)

// addCompletions sets shell completion for the values of flags and arguments: choices
// with a description, and file names where a file is expected.
func (c *command) addCompletions(root *cobra.Command) {
	const file, choice, folder = cobra.ShellCompDirectiveDefault, cobra.ShellCompDirectiveNoFileComp, cobra.ShellCompDirectiveFilterDirs
	flags := map[string]cobra.CompletionFunc{
		"card":            ending("html"),
		"code":            cobra.FixedCompletions([]string{"compact", "link", "plain"}, choice),
		"csv":             ending("csv"),
		"density":         cobra.FixedCompletions([]string{"low", "normal", "high"}, choice),
		"hardware-source": completions(c.sources, choice),
		"licenses":        ending("toml"),
		"product":         completions(c.products, choice),
		"profile":         completions(c.profileNames, file),
		"qr":              ending("png", "svg"),
		"receipts":        cobra.FixedCompletions(nil, folder),
		"scenario":        completions(c.scenarios, choice),
		"schema":          cobra.FixedCompletions([]string{"1", "2"}, choice),
		"sheet":           ending("html"),
		"source":          completions(c.sources, choice),
		"state":           completions(c.states, choice),
	}
	arguments := map[string]cobra.CompletionFunc{
		"check":              cobra.FixedCompletions(nil, file),
		"history export":     firstArgument(c.records(nil)),
		"history import":     cobra.FixedCompletions(nil, file),
		"history receipt":    firstArgument(c.records(answered)),
		"history show":       firstArgument(c.records(nil)),
		"inspect":            cobra.FixedCompletions(nil, file),
		"profile import":     firstArgument(ending("toml")),
		"profile remove":     firstArgument(completions(c.profileNames, choice)),
		"profile set-secret": firstArgument(completions(c.profileNames, choice)),
		"profile show":       firstArgument(completions(c.profileNames, file)),
		"profile test":       firstArgument(completions(c.profileNames, file)),
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

// ending returns a completion function for files with these extensions, and folders.
func ending(extensions ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
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

// states returns the states of records.
func (c *command) states() (all []cobra.Completion) {
	for _, s := range request.States() {
		all = append(all, cobra.CompletionWithDesc(string(s), c.words.Text("journal.label."+string(s))))
	}
	return all
}

// products returns the product codes of the readable profiles.
func (c *command) products() (all []cobra.Completion) {
	home, err := app.Home(os.Getenv)
	if err != nil {
		return nil
	}
	profiles, _ := app.Profiles(home)
	for _, p := range profiles {
		all = append(all, cobra.CompletionWithDesc(words.Visible(p.Product.Code, 40), words.Visible(p.Name, 200)))
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

// records returns a function that completes the NAME of a record for which wanted is true,
// or of any if wanted is nil: its check code or, if that does not begin as what was typed
// does, its request ID. Each has the record's day, state and product.
func (c *command) records(wanted func(journal.Record) bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
		j, err := c.journal()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		for r := range j.Readable() {
			if r.Request == nil || wanted != nil && !wanted(r) {
				continue
			}
			name := r.Request.CheckCode()
			if !strings.HasPrefix(name, typed) {
				name = r.Request.RequestID
			}
			if name != "" && strings.HasPrefix(name, typed) {
				about := []string{r.Updated().Local().Format(time.DateOnly), r.Label(c.words), words.Visible(r.Request.Product, 40)}
				all = append(all, cobra.CompletionWithDesc(name, strings.Join(about, ", ")))
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

func answered(r journal.Record) bool {
	_, err := r.MakeReceipt()
	return err == nil
}

// commandNames completes a command name whose parts are separate arguments, such as
// "history show".
func commandNames(cmd *cobra.Command, args []string, _ string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	if of, err := terminal.CommandOf(cmd, args); err == nil {
		for _, one := range of.Commands() {
			if one.IsAvailableCommand() {
				all = append(all, cobra.CompletionWithDesc(one.Name(), one.Short))
			}
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
