package terminal

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/pattern"
)

// verify returns the command that compares the records with the audit chain.
func (h *History) verify() *cobra.Command {
	var head string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: h.Words.Text("cmd.history.verify.short"),
		Long:  h.Words.Text("cmd.history.verify.long"),
		Args:  NoArguments("head"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return h.runVerify(cmd.Context(), head) },
	}
	h.Flag(cmd, &head, "head", "DIGEST")
	h.Switch(cmd, h.JSON, "json")
	return cmd
}

// VerifyJSON is printed by history verify with --json.
type VerifyJSON struct {
	Intact bool `json:"intact"`
	journal.Verification
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	journal.Finding
	Harmless bool   `json:"harmless"` // what a crash or an earlier version leaves
	Message  string `json:"message"`
}

var digestPattern = pattern.Lazy(`^[0-9A-Fa-f]{64}$`)

func (h *History) runVerify(ctx context.Context, head string) error {
	if head != "" && !digestPattern().MatchString(head) {
		return fault.New(fault.Usage, "cmd.history.head", "command", h.Name)
	}
	j, closeJournal, err := h.Open(ctx)
	if err != nil {
		return err
	}
	defer closeJournal()
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // of a chain of hundreds of thousands of lines most stays in memory
	v, err := j.Verify(head)
	if err != nil {
		return err
	}
	h.ShowVerification(v)
	if !v.Intact() {
		return Exit(fault.Input.ExitStatus())
	}
	return nil
}

// ShowVerification prints what was verified, and what was found.
func (t *Terminal) ShowVerification(v journal.Verification) {
	if *t.JSON {
		result := VerifyJSON{v.Intact(), v, []findingJSON{}}
		for _, f := range v.Findings {
			result.Findings = append(result.Findings, findingJSON{f, f.Kind.Harmless(), f.Describe(t.Words)})
		}
		t.Object(t.Out, result)
		return
	}
	for _, f := range v.Findings {
		key := "cmd.history.found"
		if f.Kind.Harmless() {
			key = "cmd.history.noticed"
		}
		fmt.Fprintln(t.Out, t.Words.Text(key), f.Describe(t.Words))
	}
	key := "cmd.history.intact"
	if !v.Intact() {
		key = "cmd.history.not_intact"
	}
	t.Say(key, "records", v.Records, "events", v.Events, "lines", v.Lines)
	if v.Head != "" {
		t.Say("cmd.history.head_is", "head", v.Head)
	}
}
