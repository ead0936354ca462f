package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/request"
	"handback/cmd/terminal"
)

// createFlags are the flags of create.
type createFlags struct {
	job app.Create
	outputFlags
	source       string
	from         string // a file to take the hardware ID from
	variables    []string
	consumptions int64
	log          string
}

func (c *command) create() *cobra.Command {
	f := &createFlags{}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   c.words.Text("cmd.create.short"),
		Long:    c.words.Text("cmd.create.long"),
		Example: c.words.Text("cmd.create.example"),
		Args:    terminal.NoArguments("license-key"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runCreate(cmd, f) },
	}
	c.text(cmd, &f.job.LicenseKey, "license-key", "KEY")
	c.text(cmd, &f.job.Username, "username", "NAME")
	c.text(cmd, &f.job.Product, "product", "CODE")
	c.text(cmd, &f.job.HardwareID, "hardware-id", "ID")
	c.text(cmd, &f.source, "hardware-source", "SOURCE", "sources", machine.SourceNames())
	c.text(cmd, &f.from, "hardware-from", "FILE")
	cmd.Flags().Int64Var(&f.job.LicenseID, "license-id", 0, c.words.Text("flag.license-id"))
	terminal.SetPlaceholder(cmd, "license-id", "N")
	cmd.Flags().StringArrayVar(&f.variables, "variable", nil, c.words.Text("flag.variable"))
	terminal.SetPlaceholder(cmd, "variable", "NAME=VALUE")
	cmd.Flags().Int64Var(&f.consumptions, "consumptions", 0, c.words.Text("flag.consumptions"))
	terminal.SetPlaceholder(cmd, "consumptions", "N")
	cmd.Flags().IntVar(&f.job.Schema, "schema", 0, c.words.Text("flag.schema"))
	terminal.SetPlaceholder(cmd, "schema", "1|2")
	c.yes(cmd, &f.job.IgnoreClock, "ignore-clock")
	c.yes(cmd, &f.job.NoHostData, "no-host-data")
	c.yes(cmd, &f.job.Unsigned, "unsigned")
	c.addOutputFlags(cmd, &f.outputFlags)
	c.yes(cmd, &c.quiet, "quiet")
	c.text(cmd, &f.log, "log", "FILE")
	c.profileFlags(cmd)
	return cmd
}

func (c *command) runCreate(cmd *cobra.Command, f *createFlags) error {
	c.createRan = true
	given := f.job // a copy: a run that exceeds quietTime may still change f.job
	job := func(c *command) (*app.Outgoing, error) { return c.makeCreated(cmd, f) }
	run := job
	if c.quiet {
		run = func(c *command) (*app.Outgoing, error) { return c.inTime(job) }
	}
	made, err := run(c)
	if f.log != "" {
		if !errors.Is(err, errQuietTime) {
			given = f.job // now with what was read from standard input
		}
		failure := err
		if printed, ok := c.out.(*terminal.Printer); ok && err == nil {
			failure = printed.Failure()
		}
		c.log(f.log, given, made, failure)
	}
	return err
}

func (c *command) makeCreated(cmd *cobra.Command, f *createFlags) (*app.Outgoing, error) {
	if err := c.prepare(cmd, f); err != nil {
		return nil, err
	}
	a, err := c.app()
	if err != nil {
		return nil, err
	}
	if f.from != "" {
		if f.job.HardwareID, err = a.HardwareIDFrom(cmd.Context(), f.from); err != nil {
			return nil, err
		}
	}
	created, err := a.Create(f.job)
	if err != nil {
		return created, err
	}
	c.warn(created.Warnings...)
	return created, c.showCreated(a, created, f.outputFlags)
}

// prepare checks the flags and fills f.job from them.
func (c *command) prepare(cmd *cobra.Command, f *createFlags) error {
	if err := c.checkOutputs(f.outputFlags); err != nil {
		return err
	}
	changed := cmd.Flags().Changed
	switch {
	case f.job.HardwareID != "" && f.source != "" && f.source != string(machine.Typed):
		return fault.New(fault.Usage, "cmd.either", "first", "--hardware-id", "second", "--hardware-source")
	case !machine.Source(f.source).Valid() && f.source != "":
		return unknownSource(f.source)
	case f.job.Schema != 0 && f.job.Schema != request.Schema1 && f.job.Schema != request.Schema2 || changed("schema") && f.job.Schema == 0:
		return fault.New(fault.Usage, "request.schema", "schema", f.job.Schema)
	case changed("license-id") && f.job.LicenseID < 1:
		return fault.New(fault.Usage, "cmd.positive", "flag", "--license-id")
	case f.consumptions < 0:
		return fault.New(fault.Usage, "cmd.positive", "flag", "--consumptions")
	}
	if changed("consumptions") {
		f.job.Consumptions = &f.consumptions
	}
	f.job.Source = machine.Source(f.source)
	if f.from != "" && (f.job.HardwareID != "" || f.source != "") {
		return fault.New(fault.Usage, "cmd.either", "first", "--hardware-from", "second", "--hardware-id")
	}
	for _, v := range f.variables {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return fault.New(fault.Usage, "cmd.variable", "variable", v)
		}
		f.job.Variables = append(f.job.Variables, request.Variable{Name: name, Value: value})
	}
	f.job.Targets, f.job.Replace = f.targets(), f.force
	if err := c.stdinLine("license-key", &f.job.LicenseKey); err != nil {
		return err
	}
	return c.stdinLine("username", &f.job.Username)
}

func unknownSource(source string) error {
	return fault.New(fault.Usage, "cmd.source", "source", source, "sources", machine.SourceNames())
}
