package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/durable"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/sandbox"
	"handback/cmd/terminal"
)

func (c *command) sandbox() *cobra.Command {
	var listen, licenses string
	var scenarios []string
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   c.words.Text("cmd.sandbox.short"),
		Long:    c.words.Text("cmd.sandbox.long"),
		Example: c.words.Text("cmd.sandbox.example"),
		Args:    terminal.NoArguments("scenario"),
		RunE:    func(*cobra.Command, []string) error { return c.runSandbox(listen, licenses, scenarios) },
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", c.words.Text("flag.listen"))
	terminal.SetPlaceholder(cmd, "listen", "ADDRESS")
	c.text(cmd, &licenses, "licenses", "FILE")
	cmd.Flags().StringArrayVar(&scenarios, "scenario", nil, c.words.Text("flag.scenario"))
	terminal.SetPlaceholder(cmd, "scenario", "NAME")
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.text(cmd, &c.secretFile, "secret-file", "FILE")
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if without, ok := errors.AsType[*pflag.ValueRequiredError](err); ok && without.GetFlag().Name == "scenario" {
			return c.reportScenario(terminal.FlagError(cmd, err))
		}
		return terminal.FlagError(cmd, err)
	})
	return cmd
}

// reportScenario prints an error about a scenario's name, and the names that there are. It
// returns the error for the exit status.
func (c *command) reportScenario(err error) error {
	c.report(err)
	table := tabwriter.NewWriter(c.err, 0, 0, 2, ' ', 0)
	for _, s := range sandbox.Scenarios() {
		fmt.Fprintf(table, "  %s\t%s\n", s.Name, c.words.Text(s.Key))
	}
	_ = table.Flush()
	return terminal.Exit(fault.KindOf(err).ExitStatus())
}

func (c *command) runSandbox(listen, licenses string, scenarios []string) error {
	a, err := c.app()
	if err != nil {
		return err
	}
	list, err := readLicenses(licenses)
	if err != nil {
		return err
	}
	s, err := a.Sandbox(list, scenarios)
	if errors.Is(err, sandbox.ErrScenario) {
		return c.reportScenario(err)
	}
	if err != nil {
		return err
	}
	return c.serve(listen, s, a.Profile.Authorization.Method == profile.OAuth)
}

func readLicenses(path string) ([]sandbox.License, error) {
	if path == "" {
		return nil, nil
	}
	list, err := durable.Read(path, sandbox.MaxLicenses)
	if err != nil {
		return nil, err
	}
	return sandbox.LoadLicenses(bytes.NewReader(list))
}

// serve runs the sandbox on a loopback address until the program is interrupted.
func (c *command) serve(listen string, s *sandbox.Sandbox, oauth bool) error {
	host, _, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fault.New(fault.Usage, "cmd.sandbox.listen", "address", listen)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", listen)
	if err != nil {
		return fault.New(fault.Connection, "cmd.sandbox.port", "address", listen).Because(err)
	}
	fmt.Fprintf(c.out, "listening on http://%s\n", listener.Addr())
	if oauth {
		c.say(c.err, "cmd.sandbox.token", "address", "http://"+listener.Addr().String()+sandbox.TokenPath)
	}
	ctx, stop := interruptible()
	defer stop()
	if err := s.Serve(ctx, listener); err != nil {
		return fault.New(fault.Connection, "cmd.sandbox.port", "address", listen).Because(err)
	}
	return nil
}
