package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/pattern"
)

// historyVerify returns the command that compares the records with the audit chain.
func (c *command) historyVerify() *cobra.Command {
	var head string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: c.words.Text("cmd.history.verify.short"),
		Long:  c.words.Text("cmd.history.verify.long"),
		Args:  noArguments("head"),
		RunE:  func(*cobra.Command, []string) error { return c.runHistoryVerify(head) },
	}
	c.text(cmd, &head, "head", "DIGEST")
	c.yes(cmd, &c.json, "json")
	return cmd
}

// verifyJSON is printed by history verify with --json.
type verifyJSON struct {
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

func (c *command) runHistoryVerify(head string) error {
	if head != "" && !digestPattern().MatchString(head) {
		return fault.New(fault.Usage, "cmd.history.head")
	}
	j, err := c.journal()
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // of a chain of hundreds of thousands of lines most stays in memory
	v, err := j.Verify(head)
	if err != nil {
		return err
	}
	if c.json {
		result := verifyJSON{v.Intact(), v, []findingJSON{}}
		for _, f := range v.Findings {
			result.Findings = append(result.Findings, findingJSON{f, f.Kind.Harmless(), f.Describe(c.words)})
		}
		c.object(c.out, result)
	} else {
		for _, f := range v.Findings {
			key := "cmd.history.found"
			if f.Kind.Harmless() {
				key = "cmd.history.noticed"
			}
			fmt.Fprintln(c.out, c.words.Text(key), f.Describe(c.words))
		}
		key := "cmd.history.intact"
		if !v.Intact() {
			key = "cmd.history.not_intact"
		}
		c.say(c.out, key, "records", v.Records, "events", v.Events, "lines", v.Lines)
		if v.Head != "" {
			c.say(c.out, "cmd.history.head_is", "head", v.Head)
		}
	}
	if !v.Intact() {
		return exit(fault.Input.ExitStatus())
	}
	return nil
}
