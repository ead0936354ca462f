package terminal

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
)

// receipt returns the command that writes a receipt again, in any form.
func (h *History) receipt() *cobra.Command {
	var output, qr string
	cmd := &cobra.Command{
		Use:   "receipt NAME",
		Short: h.Words.Text("cmd.history.receipt.short"),
		Long:  h.Words.Text("cmd.history.receipt.long"),
		Args:  ArgumentCount(1, 1),
		RunE:  func(cmd *cobra.Command, args []string) error { return h.runReceipt(cmd.Context(), args[0], output, qr) },
	}
	cmd.Flags().StringVar(&output, "output", "", h.Words.Text("flag.receipt.output"))
	SetPlaceholder(cmd, "output", "FILE")
	cmd.Flags().StringVar(&qr, "qr", "", h.Words.Text("flag.receipt.qr"))
	SetPlaceholder(cmd, "qr", "FILE")
	h.Switch(cmd, h.JSON, "json")
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

func (h *History) runReceipt(ctx context.Context, named, output, qr string) error {
	switch {
	case output == "-" && qr == "-":
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--output -", "second", "--qr -")
	case *h.JSON && (output == "-" || qr == "-"):
		return fault.New(fault.Usage, "cmd.two_outputs", "first", "--json", "second", "-")
	}
	record, tool, err := h.find(ctx, named)
	if err != nil {
		return err
	}
	receipt, err := record.MakeReceipt()
	if err != nil {
		return err
	}
	files, err := app.WriteReceipt(record, h.Words, tool, filePath(output), filePath(qr))
	if err != nil {
		return err
	}
	lines := app.ReceiptLines(receipt)
	switch {
	case *h.JSON:
		h.Object(h.Out, receiptJSON{record.Request.RequestID, record.Request.CheckCode(), record.State(), lines, files})
	case output == "-":
		_, err = h.Out.Write(record.Text(h.Words, tool))
	case qr == "-":
		code, drawn := app.ReceiptCode(receipt)
		if drawn != nil {
			return drawn
		}
		_, err = io.WriteString(h.Out, code.Terminal())
	default:
		for _, file := range files {
			h.Say("cmd.receipt", "path", file.Path)
		}
		h.Say("cmd.receipt.lines", "lines", "  "+strings.Join(lines, "\n  "))
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
