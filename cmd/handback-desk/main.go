// Command handback-desk is the desk in a browser: visitors bring deactivation requests to
// its pages, and the desk's people decide about those that need it. It calls
// [handback/app.Desk] through package [handback/web], and holds no rule of the job.
//
// Started by systemd with sockets (LISTEN_FDS), it answers on these, so that it can be
// replaced without turning anybody away. SIGHUP makes it read profiles, secrets and
// certificates again; SIGTERM makes it finish what it has begun and end.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/words"
	"handback/cmd/terminal"
)

func main() {
	printed := &terminal.Printer{To: os.Stdout}
	c := &command{in: os.Stdin, out: printed, err: os.Stderr, words: words.For(words.System()...)}
	status := c.run(context.Background(), os.Args[1:])
	if failure := printed.Failure(); failure != nil {
		c.terminal().Report(failure)
		status = max(status, fault.KindOf(failure).ExitStatus())
	}
	os.Exit(status)
}

// command has the streams, the language and the flags.
type command struct {
	in       io.Reader
	out, err io.Writer
	words    *words.Words

	json                     bool
	listen, metrics          string
	store                    string
	secretFiles              []string
	public                   string
	proxies                  []string
	certificate, key         string
	issuer, client, openFile string
	perAddress, perLicense   int
	role                     string
	practice                 bool
}

func (c *command) terminal() *terminal.Terminal {
	return &terminal.Terminal{Name: "handback-desk", Out: c.out, Err: c.err, Words: c.words, JSON: &c.json}
}

func (c *command) run(ctx context.Context, args []string) int {
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := terminal.CheckCommandName(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	var status terminal.Exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	c.terminal().Report(err)
	return max(1, fault.KindOf(err).ExitStatus())
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use: "handback-desk [COMMAND]", Short: c.words.Text("desk.cmd.short"), Long: c.words.Text("desk.cmd.long"), Version: app.Version,
		SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true, Args: terminal.NoArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context()) },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(terminal.FlagError)
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.PersistentFlags().StringVar(&c.store, "journal", "", c.words.Text("desk.flag.journal"))
	terminal.SetPlaceholder(root, "journal", "FOLDER|ADDRESS")
	flags := root.Flags()
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8080", c.words.Text("desk.flag.listen"))
	flags.StringVar(&c.metrics, "metrics", "", c.words.Text("desk.flag.metrics"))
	flags.StringArrayVar(&c.secretFiles, "secret-file", nil, c.words.Text("desk.flag.secret_file"))
	flags.StringVar(&c.public, "public", "", c.words.Text("desk.flag.public"))
	flags.StringSliceVar(&c.proxies, "trust-proxy", nil, c.words.Text("desk.flag.trust_proxy"))
	flags.StringVar(&c.certificate, "tls-cert", "", c.words.Text("desk.flag.tls_cert"))
	flags.StringVar(&c.key, "tls-key", "", c.words.Text("desk.flag.tls_key"))
	flags.StringVar(&c.issuer, "oidc-issuer", "", c.words.Text("desk.flag.oidc_issuer"))
	flags.StringVar(&c.client, "oidc-client", "", c.words.Text("desk.flag.oidc_client"))
	flags.StringVar(&c.openFile, "oidc-secret-file", "", c.words.Text("desk.flag.oidc_secret_file"))
	flags.IntVar(&c.perAddress, "per-address", 600, c.words.Text("desk.flag.per_address"))
	flags.IntVar(&c.perLicense, "per-license", 20, c.words.Text("desk.flag.per_license"))
	flags.BoolVar(&c.practice, "practice", false, c.words.Text("desk.flag.practice"))
	for name, placeholder := range map[string]string{"listen": "ADDRESS", "metrics": "ADDRESS", "secret-file": "PROFILE=FILE", "public": "ADDRESS",
		"trust-proxy": "ADDRESS", "tls-cert": "FILE", "tls-key": "FILE", "oidc-issuer": "ADDRESS", "oidc-client": "ID", "oidc-secret-file": "FILE",
		"per-address": "COUNT", "per-license": "COUNT"} {
		terminal.SetPlaceholder(root, name, placeholder)
	}
	person := &cobra.Command{
		Use: "person NAME", Short: c.words.Text("desk.cmd.person"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.savePerson(cmd.Context(), args[0]) },
	}
	person.Flags().StringVar(&c.role, "role", "", c.words.Text("desk.flag.role"))
	terminal.SetPlaceholder(person, "role", "ROLE")
	root.AddCommand(person, c.history(), c.importFiles(), c.allowServer())
	help := terminal.Help{Terminal: c.terminal()}
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		cmd.Flag("help").Usage = c.words.Text("flag.help")
		help.Show(cmd)
	})
	root.InitDefaultVersionFlag()
	root.Flag("version").Usage = c.words.Text("flag.version")
	return root
}
