package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/carry"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/words"
)

// outputFlags say in which forms a request is written, and where.
type outputFlags struct {
	output, qr, sheet string
	code, density     string
	force             bool
}

// addOutputFlags declares the flags of f.
func (c *command) addOutputFlags(cmd *cobra.Command, f *outputFlags) {
	c.text(cmd, &f.output, "output", "FILE")
	c.text(cmd, &f.qr, "qr", "FILE")
	c.text(cmd, &f.code, "code", "compact|link|plain")
	c.text(cmd, &f.density, "density", "low|normal|high")
	c.text(cmd, &f.sheet, "sheet", "FILE")
	c.yes(cmd, &f.force, "force")
}

func (c *command) checkOutputs(f outputFlags) error {
	switch {
	case len(f.stdoutFlags()) > 1:
		return fault.New(fault.Usage, "cmd.two_outputs", "first", f.stdoutFlags()[0]+" -", "second", f.stdoutFlags()[1]+" -")
	case c.json && len(f.stdoutFlags()) > 0:
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "-")
	case f.code != "" && !slices.Contains(carry.CodeForms(), carry.CodeForm(f.code)):
		return fault.New(fault.Usage, "cmd.code_form", "form", f.code)
	case f.density != "" && !carry.Density(f.density).Valid():
		return fault.New(fault.Usage, "cmd.density", "density", f.density)
	}
	return nil
}

// output is one form of the request and its path; "-" is standard output.
type output struct {
	flag string
	kind app.Kind
	path string
}

func (f outputFlags) outputs() []output {
	return []output{{"--output", app.RequestFile, f.output}, {"--qr", app.QRFile, f.qr}, {"--sheet", app.SheetFile, f.sheet}}
}

// stdoutFlags returns the flags that ask for standard output.
func (f outputFlags) stdoutFlags() (flags []string) {
	for _, o := range f.outputs() {
		if o.path == "-" {
			flags = append(flags, o.flag)
		}
	}
	return flags
}

// targets returns the files to write. If no output is asked for, that is the request's
// file under its proposed name.
func (f outputFlags) targets() (targets []app.Target) {
	given := false
	for _, o := range f.outputs() {
		given = given || o.path != ""
		if o.path != "" && o.path != "-" {
			folder := o.kind == app.RequestFile && app.IsFolder(o.path)
			targets = append(targets, app.Target{Kind: o.kind, Path: o.path, Folder: folder, Drawing: f.drawing()})
		}
	}
	if !given {
		return []app.Target{{Kind: app.RequestFile}}
	}
	return targets
}

// drawing returns how codes are drawn.
func (f outputFlags) drawing() carry.Drawing {
	return carry.Drawing{Form: carry.CodeForm(f.code), Density: carry.Density(f.density)}
}

// codes returns the request's QR codes.
func (f outputFlags) codes(made *app.Outgoing) ([]*carry.Code, error) {
	return made.Codes(f.drawing())
}

// createdJSON is printed by create and history export with --json.
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
	HardwareSource machine.Source `json:"hardware_source,omitempty"`
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

func (c *command) showCreated(a *app.App, made *app.Outgoing, f outputFlags) error {
	switch {
	case c.json:
		j := createdJSON{made.RequestID, made.Date, made.Schema, !made.Handoff, a.Profile.Practice, made.Product, made.LicenseKey,
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
		fmt.Fprintln(c.out, strings.TrimSuffix(string(a.File(made)), "\n"))
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
			fmt.Fprint(c.out, code.Terminal())
			if code.Page != "" {
				c.say(c.out, "cmd.code.page", "page", code.Page)
			}
		}
		c.summary(c.err, made, a.Profile.Practice)
	case f.sheet == "-":
		page, err := a.Sheet(made, f.drawing())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s", page)
		c.summary(c.err, made, a.Profile.Practice)
	default:
		c.summary(c.out, made, a.Profile.Practice)
	}
	return nil
}

// summary prints what was made, that the license is not released yet, and what to do
// next.
func (c *command) summary(to io.Writer, made *app.Outgoing, practice bool) {
	if c.quiet {
		return
	}
	source, title := string(made.HardwareID.Source), "cmd.created"
	switch {
	case made.Handoff:
		title = "cmd.created.handoff"
	case source == "":
		title = "cmd.exported"
	}
	id := made.Request.HardwareID
	if source != "" {
		id += " (" + source + ")"
	}
	c.say(to, title)
	c.say(to, "cmd.created.facts", "owner", words.Visible(made.Owner(), 80), "product", made.Product,
		"id", id, "check", made.CheckCode())
	kinds := []app.Kind{app.RequestFile, app.HandoffFile, app.QRFile, app.SheetFile}
	slices.SortStableFunc(made.Files, func(a, b app.File) int { return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind) })
	for _, file := range made.Files {
		c.say(to, "cmd.created.file."+string(file.Kind), "path", file.Path)
	}
	switch {
	case practice:
		c.say(to, "cmd.created.next.practice")
	case made.Handoff:
		c.say(to, "cmd.created.next.handoff")
	default:
		c.say(to, "cmd.created.next")
	}
}
