package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/carry"
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
	sheet        string
	density      string
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
	c.text(cmd, &f.density, "density", "low|normal|high")
	c.text(cmd, &f.sheet, "sheet", "FILE")
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
	c.warn(created.Warnings...)
	return c.showCreated(a, created, f)
}

// output is a flag that says where a form of the request goes.
type output struct {
	flag string
	kind app.Kind
	path string
}

func (f *createFlags) outputs() []output {
	return []output{{"--output", app.RequestFile, f.output}, {"--qr", app.QRFile, f.qr}, {"--sheet", app.SheetFile, f.sheet}}
}

// piped are the flags that want standard output.
func (f *createFlags) piped() (flags []string) {
	for _, o := range f.outputs() {
		if o.path == "-" {
			flags = append(flags, o.flag)
		}
	}
	return flags
}

// codes draws the request's codes at the density that was asked for.
func (f *createFlags) codes(made *app.Created) ([]*carry.Code, error) {
	return made.Codes(carry.Density(cmp.Or(f.density, string(carry.NormalDensity))))
}

// prepare checks the flags and fills the job from them.
func (c *command) prepare(cmd *cobra.Command, f *createFlags) error {
	changed := cmd.Flags().Changed
	switch {
	case len(f.piped()) > 1:
		return fault.New(fault.Usage, "cmd.two_outputs", "first", f.piped()[0]+" -", "second", f.piped()[1]+" -")
	case c.json && len(f.piped()) > 0:
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "-")
	case f.density != "" && !carry.Density(f.density).Valid():
		return fault.New(fault.Usage, "cmd.density", "density", f.density)
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
	for _, o := range f.outputs() {
		if o.path != "" && o.path != "-" {
			f.job.Targets = append(f.job.Targets, app.Target{Kind: o.kind, Path: o.path, Density: carry.Density(f.density)})
		}
	}
	if f.output == "" && f.qr == "" && f.sheet == "" {
		f.job.Targets = []app.Target{{Kind: app.RequestFile}}
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
		if f.qr != "" || f.sheet != "" {
			codes, err := f.codes(made)
			if err != nil {
				return err
			}
			j.QR = &qrJSON{codes[0].Version, codes[0].Modules, codes[0].Level, len(codes)}
		}
		c.object(c.out, j)
	case f.output == "-":
		fmt.Fprintln(c.out, made.Encode())
		c.summary(c.err, made, a.Profile.Practice)
	case f.qr == "-":
		codes, err := f.codes(made)
		if err != nil {
			return err
		}
		for _, code := range codes {
			if code.Count > 1 {
				c.say(c.out, "cmd.code", "number", code.Number, "count", code.Count, "check", made.CheckCode())
			}
			io.WriteString(c.out, code.Terminal())
		}
		c.summary(c.err, made, a.Profile.Practice)
	case f.sheet == "-":
		page, err := a.Sheet(made, carry.Density(f.density))
		if err != nil {
			return err
		}
		c.out.Write(page)
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
	kinds := []app.Kind{app.RequestFile, app.QRFile, app.SheetFile}
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
