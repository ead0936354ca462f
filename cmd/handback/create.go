package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/words"
)

// createFlags are the flags of create that are not the job's own fields.
type createFlags struct {
	job          app.Create
	source       string
	variables    []string
	consumptions int64
	output, qr   string
}

func (c *command) create() *cobra.Command {
	f := &createFlags{}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   c.words.Text("cmd.create.short"),
		Long:    c.words.Text("cmd.create.long"),
		Example: c.words.Text("cmd.create.example"),
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runCreate(cmd, f) },
	}
	c.text(cmd, &f.job.LicenseKey, "license-key", "KEY")
	c.text(cmd, &f.job.Username, "username", "NAME")
	c.text(cmd, &f.job.Product, "product", "CODE")
	c.text(cmd, &f.job.HardwareID, "hardware-id", "ID")
	c.text(cmd, &f.source, "hardware-source", "SOURCE")
	cmd.Flags().Int64Var(&f.job.LicenseID, "license-id", 0, c.words.Text("flag.license-id"))
	hold(cmd, "license-id", "N")
	cmd.Flags().StringArrayVar(&f.variables, "variable", nil, c.words.Text("flag.variable"))
	hold(cmd, "variable", "NAME=VALUE")
	cmd.Flags().Int64Var(&f.consumptions, "consumptions", 0, c.words.Text("flag.consumptions"))
	hold(cmd, "consumptions", "N")
	cmd.Flags().IntVar(&f.job.Schema, "schema", 0, c.words.Text("flag.schema"))
	hold(cmd, "schema", "1|2")
	c.yes(cmd, &f.job.IgnoreClock, "ignore-clock")
	c.text(cmd, &f.output, "output", "FILE")
	c.text(cmd, &f.qr, "qr", "FILE")
	c.yes(cmd, &f.job.Replace, "force")
	c.yes(cmd, &c.quiet, "quiet")
	c.common(cmd)
	return cmd
}

func (c *command) runCreate(cmd *cobra.Command, f *createFlags) error {
	if err := c.prepare(cmd, f); err != nil {
		return err
	}
	a, err := c.app()
	if err != nil {
		return err
	}
	created, err := a.Create(f.job)
	if err != nil {
		return err
	}
	nothingAsked := f.output == "" && f.qr == ""
	if nothingAsked {
		target := app.Target{Kind: app.RequestFile, Path: created.FileName()}
		if err := a.Export(created, []app.Target{target}, f.job.Replace); err != nil {
			return err
		}
	}
	c.warn(created.Warnings...)
	return c.showCreated(a, created, f)
}

// prepare checks the flags and fills the job from them.
func (c *command) prepare(cmd *cobra.Command, f *createFlags) error {
	changed := cmd.Flags().Changed
	switch {
	case f.output == "-" && f.qr == "-":
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--output -", "second", "--qr -")
	case c.json && (f.output == "-" || f.qr == "-"):
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "-")
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
	for _, v := range f.variables {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return fault.New(fault.Usage, "cmd.variable", "variable", v)
		}
		f.job.Variables = append(f.job.Variables, request.Variable{Name: name, Value: value})
	}
	if f.output != "" && f.output != "-" {
		f.job.Targets = append(f.job.Targets, app.Target{Kind: app.RequestFile, Path: f.output})
	}
	if f.qr != "" && f.qr != "-" {
		f.job.Targets = append(f.job.Targets, app.Target{Kind: app.QRFile, Path: f.qr})
	}
	if err := c.line("license-key", &f.job.LicenseKey); err != nil {
		return err
	}
	return c.line("username", &f.job.Username)
}

func unknownSource(source string) error {
	var all []string
	for _, s := range machine.Sources() {
		all = append(all, string(s))
	}
	return fault.New(fault.Usage, "cmd.source", "source", source, "sources", strings.Join(all, ", "))
}

// createdJSON is what create prints with --json.
type createdJSON struct {
	RequestID      string         `json:"request_id"`
	Date           string         `json:"date"`
	Schema         int            `json:"schema"`
	Signed         bool           `json:"signed"`
	Practice       bool           `json:"practice"`
	Product        string         `json:"product"`
	LicenseKey     string         `json:"license_key,omitempty"`
	Username       string         `json:"username,omitempty"`
	HardwareID     string         `json:"hardware_id"`
	HardwareSource machine.Source `json:"hardware_source"`
	CheckCode      string         `json:"check_code"`
	Files          []app.File     `json:"files,omitempty"`
	QR             *qrJSON        `json:"qr,omitempty"`
}

type qrJSON struct {
	Version int    `json:"version"`
	Modules int    `json:"modules"`
	Level   string `json:"level"`
	Frames  int    `json:"frames"`
}

func (c *command) showCreated(a *app.App, made *app.Created, f *createFlags) error {
	switch {
	case c.json:
		j := createdJSON{made.RequestID, made.Date, made.Schema, true, a.Profile.Practice, made.Product, made.LicenseKey,
			made.Username, made.Request.HardwareID, made.HardwareID.Source, made.CheckCode(), made.Files, nil}
		if f.qr != "" {
			code, err := made.Code()
			if err != nil {
				return err
			}
			j.QR = &qrJSON{code.Version, code.Modules, code.Level, 1}
		}
		c.object(c.out, j)
	case f.output == "-":
		fmt.Fprintln(c.out, made.Encode())
		c.summary(c.err, made, a.Profile.Practice)
	case f.qr == "-":
		code, err := made.Code()
		if err != nil {
			return err
		}
		io.WriteString(c.out, code.Terminal())
		c.summary(c.err, made, a.Profile.Practice)
	default:
		c.summary(c.out, made, a.Profile.Practice)
	}
	return nil
}

// summary says what was made, that the license is not free yet, and what to
// do next.
func (c *command) summary(to io.Writer, made *app.Created, practice bool) {
	if c.quiet {
		return
	}
	c.say(to, "cmd.created", "owner", words.Visible(made.Owner(), 80), "product", made.Product,
		"id", made.Request.HardwareID, "source", string(made.HardwareID.Source), "check", made.CheckCode())
	kinds := []app.Kind{app.RequestFile, app.QRFile}
	slices.SortStableFunc(made.Files, func(a, b app.File) int { return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind) })
	for _, file := range made.Files {
		c.say(to, "cmd.created.file."+string(file.Kind), "path", file.Path)
	}
	if practice {
		c.say(to, "cmd.created.next.practice")
		return
	}
	c.say(to, "cmd.created.next")
}
