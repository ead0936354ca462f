package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// historyReceipt returns the command that writes a receipt again, in any form.
func (c *command) historyReceipt() *cobra.Command {
	var output, qr string
	cmd := &cobra.Command{
		Use:   "receipt NAME",
		Short: c.words.Text("cmd.history.receipt.short"),
		Long:  c.words.Text("cmd.history.receipt.long"),
		Args:  argumentCount(1, 1),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runReceipt(args[0], output, qr) },
	}
	cmd.Flags().StringVar(&output, "output", "", c.words.Text("flag.receipt.output"))
	setPlaceholder(cmd, "output", "FILE")
	cmd.Flags().StringVar(&qr, "qr", "", c.words.Text("flag.receipt.qr"))
	setPlaceholder(cmd, "qr", "FILE")
	c.yes(cmd, &c.json, "json")
	return cmd
}

// receiptJSON is printed by history receipt with --json.
type receiptJSON struct {
	RequestID string        `json:"request_id,omitempty"`
	CheckCode string        `json:"check_code"`
	Outcome   request.State `json:"outcome"`
	Lines     []string      `json:"lines"`
	Files     []app.File    `json:"files,omitempty"`
}

func (c *command) runReceipt(named, output, qr string) error {
	switch {
	case output == "-" && qr == "-":
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--output -", "second", "--qr -")
	case c.json && (output == "-" || qr == "-"):
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "-")
	}
	j, err := c.journal()
	if err != nil {
		return err
	}
	record, err := j.Find(named)
	if err != nil {
		return err
	}
	receipt, err := record.MakeReceipt()
	if err != nil {
		return err
	}
	files, err := app.WriteReceipt(record, c.words, j.Tool, filePath(output), filePath(qr))
	if err != nil {
		return err
	}
	lines := app.ReceiptLines(receipt)
	switch {
	case c.json:
		c.object(c.out, receiptJSON{record.Request.RequestID, record.Request.CheckCode(), record.State(), lines, files})
	case output == "-":
		_, err = c.out.Write(record.Text(c.words, j.Tool))
	case qr == "-":
		code, drawn := app.ReceiptCode(receipt)
		if drawn != nil {
			return drawn
		}
		_, err = io.WriteString(c.out, code.Terminal())
	default:
		for _, file := range files {
			c.say(c.out, "cmd.receipt", "path", file.Path)
		}
		c.say(c.out, "cmd.receipt.lines", "lines", "  "+strings.Join(lines, "\n  "))
	}
	return err
}

// filePath returns the path of a file, or "" for standard output.
func filePath(path string) string {
	if path == "-" {
		return ""
	}
	return path
}

// historyImport returns the command that applies receipts to their records.
func (c *command) historyImport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE|IMAGE|- ...",
		Short: c.words.Text("cmd.history.import.short"),
		Long:  c.words.Text("cmd.history.import.long"),
		Args:  argumentCount(1, 0),
		RunE:  func(_ *cobra.Command, args []string) error { return c.runImport(args) },
	}
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.yes(cmd, &c.json, "json")
	return cmd
}

func (c *command) runImport(args []string) error {
	inputs, err := c.named(args)
	if err != nil {
		return err
	}
	c.noPrompt, c.noPracticeNotice = true, true
	a, err := c.app()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	worst := 0
	all := a.Inspect(ctx, slices.Collect(inputs))
	c.many = len(all) > 1
	for _, one := range all {
		record, err := a.ApplyReceipt(one)
		if err != nil {
			one.Err = err
			c.reportOne(one)
			worst = max(worst, fault.KindOf(err).ExitStatus())
			continue
		}
		if c.json {
			c.showRecordJSON(record)
			continue
		}
		c.say(c.out, "cmd.history.imported", "check", record.Request.CheckCode(), "owner", words.Visible(record.Request.Owner(), 80))
		fmt.Fprintln(c.out, record.Headline(c.words))
	}
	return status(worst)
}
