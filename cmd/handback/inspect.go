package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
	"handback/cmd/terminal"
)

func (c *command) inspect() *cobra.Command {
	var output string
	var force bool
	var more inputFlags
	cmd := &cobra.Command{
		Use:     "inspect FILE|IMAGE|- ...",
		Short:   c.words.Text("cmd.inspect.short"),
		Long:    c.words.Text("cmd.inspect.long"),
		Example: c.words.Text("cmd.inspect.example"),
		Args:    more.arguments,
		RunE:    func(_ *cobra.Command, args []string) error { return c.runInspect(args, more, output, force) },
	}
	cmd.Flags().StringVar(&output, "output", "", c.words.Text("flag.inspect.output"))
	terminal.SetPlaceholder(cmd, "output", "FILE")
	c.yes(cmd, &force, "force")
	c.addInputFlags(cmd, &more)
	c.profileFlags(cmd)
	return cmd
}

func (c *command) runInspect(args []string, more inputFlags, output string, force bool) error {
	inputs, err := c.inputs(args, more)
	if err != nil {
		return err
	}
	c.noPrompt = true
	ctx, stop := interruptible()
	defer stop()
	b, err := c.batch(app.Submit{}, 0)
	if err != nil {
		return err
	}
	worst := 0
	if output == "" {
		show := c.newShower((*command).showRow)
		err = b.Run(ctx, app.Run{Inputs: inputs,
			Look: func(rows []app.Row) error {
				show.flush()
				return c.look(rows)
			},
			Done: func(row app.Row) {
				worst = max(worst, statusOf(row))
				show.add(row)
			}})
		show.end()
		return c.ended(ctx, err, worst)
	}
	b.Add(ctx, slices.Collect(inputs)...)
	rows := b.Rows()
	if err := c.look(rows); err != nil {
		return err
	}
	if err := c.copyRequest(b, rows, output, force); err != nil {
		return err
	}
	for _, row := range rows {
		worst = max(worst, statusOf(row))
		c.showRow(row)
	}
	return c.ended(ctx, nil, worst)
}

// statusOf returns the exit status for a row that was inspected.
func statusOf(row app.Row) int {
	if row.Err == nil {
		return 0
	}
	return fault.KindOf(row.Err).ExitStatus()
}

// showRow prints what was read, or why it could not be read.
func (c *command) showRow(row app.Row) {
	if row.Err != nil {
		c.reportOne(row.Inspection)
		return
	}
	c.showInspection(row)
}

// reportOne prints why one input could not be read. If there are others, it adds that
// they are not affected.
func (c *command) reportOne(one app.Inspection) {
	c.report(fault.Named(strings.Join(one.Sources, ", "), one.Err))
	if c.many && !c.json {
		c.remark("cmd.hint", c.words.Text("cmd.others"))
	}
}

// copyRequest writes the request as a file, whatever form it was read in. There must be
// exactly one.
func (c *command) copyRequest(b *app.Batch, all []app.Row, output string, force bool) error {
	if len(all) != 1 {
		return fault.New(fault.Usage, "cmd.one_request", "count", len(all))
	}
	if all[0].Err != nil {
		return all[0].Err
	}
	if all[0].Receipt != nil {
		return fault.New(fault.Usage, "cmd.one_request", "count", 0)
	}
	a := cmp.Or(all[0].App, b.App())
	if output == "-" {
		if c.json {
			return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "--output -")
		}
		c.stdoutTaken = true
		fmt.Fprintln(c.out, strings.TrimSuffix(string(a.File(a.NewOutgoing(all[0].Request))), "\n"))
		return nil
	}
	made := a.NewOutgoing(all[0].Request)
	return a.Export(made, []app.Target{{Kind: app.RequestFile, Path: output}}, force)
}

// inspectionJSON is printed by inspect with --json.
type inspectionJSON struct {
	Sources    []string        `json:"sources"`
	Kind       string          `json:"kind"`
	Schema     int             `json:"schema,omitempty"`
	Signed     bool            `json:"signed"`
	Signature  request.Verdict `json:"signature,omitempty"`
	RequestID  string          `json:"request_id,omitempty"`
	CheckCode  string          `json:"check_code"`
	Profile    string          `json:"profile,omitempty"` // the request's
	Members    json.RawMessage `json:"members,omitempty"`
	NotCovered []string        `json:"not_covered,omitempty"`
	Warnings   []string        `json:"warnings,omitempty"`
	// Only for a receipt: what became of the request.
	Outcome request.State   `json:"outcome,omitempty"`
	Events  []journal.Event `json:"events,omitempty"`
}

func (c *command) showInspection(one app.Row) {
	if one.Receipt != nil {
		c.showReceipt(one.Inspection)
		return
	}
	r := one.Request
	kind := "request"
	if r.Handoff {
		kind = "handoff"
	}
	if c.json {
		c.object(c.out, inspectionJSON{Sources: absolute(one.Sources), Kind: kind, Schema: r.Schema, Signed: one.Verdict != request.Absent,
			Signature: one.Verdict, RequestID: r.RequestID, CheckCode: r.CheckCode(), Profile: profileOf(one), Members: r.MembersJSON(), NotCovered: r.NotCovered(),
			Warnings: c.phrases(one.Warnings)})
		return
	}
	to := c.out
	if c.stdoutTaken {
		to = c.err
	}
	c.say(to, "cmd.inspected."+kind, "sources", strings.Join(one.Sources, ", "), "check", r.CheckCode(), "schema", r.Schema)
	width := 0
	for _, m := range r.Members {
		width = max(width, utf8.RuneCountInString(words.Exact(m.Name, 60)))
	}
	for _, m := range r.Members {
		fmt.Fprintf(to, "  %-*s  %s\n", width, words.Exact(m.Name, 60), app.MemberText(m))
	}
	if r.Handoff {
		c.say(to, "cmd.inspected.made", "date", r.Date)
	}
	c.say(to, "signature."+string(one.Verdict))
	if names := r.NotCovered(); len(names) > 0 {
		c.say(to, "cmd.not_covered", "names", words.Visible(strings.Join(names, ", "), 600))
	}
	c.warn(one.Warnings...)
}

// showReceipt prints the content of a receipt.
func (c *command) showReceipt(one app.Inspection) {
	r := one.Receipt
	if c.json {
		j := inspectionJSON{Sources: absolute(one.Sources), Kind: "receipt", CheckCode: r.CheckCode(),
			Outcome: r.Outcome().What, Events: r.Events}
		if r.Record != nil {
			q := r.Record.Request
			j.Schema, j.Signed, j.RequestID, j.Members = q.Schema, !q.Handoff, q.RequestID, q.MembersJSON()
		}
		c.object(c.out, j)
		return
	}
	c.say(c.out, "cmd.inspected.receipt", "sources", strings.Join(one.Sources, ", "), "check", r.CheckCode())
	fmt.Fprintln(c.out, r.Describe(c.words))
}

func (c *command) phrases(phrases []words.Phrase) []string {
	var texts []string
	for _, p := range phrases {
		texts = append(texts, p.Localize(c.words))
	}
	return texts
}

// profileOf returns the name of the row's profile, or "" if it has none.
func profileOf(row app.Row) string {
	if row.App == nil {
		return ""
	}
	return row.App.Profile.Name
}
