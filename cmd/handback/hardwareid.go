package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"handback/app/fault"
	"handback/app/machine"
	"handback/cmd/terminal"
)

func (c *command) hardwareID() *cobra.Command {
	var source, card string
	var all, force bool
	cmd := &cobra.Command{
		Use:     "hardware-id",
		Short:   c.words.Text("cmd.hardware-id.short"),
		Long:    c.words.Text("cmd.hardware-id.long"),
		Example: c.words.Text("cmd.hardware-id.example"),
		Args:    terminal.NoArguments("source"),
		RunE:    func(*cobra.Command, []string) error { return c.runHardwareID(source, card, all, force) },
	}
	c.text(cmd, &source, "source", "SOURCE", "sources", machine.SourceNames())
	c.yes(cmd, &all, "all")
	c.text(cmd, &card, "card", "FILE")
	c.yes(cmd, &force, "force")
	c.text(cmd, &c.profile, "profile", "NAME|FILE")
	c.yes(cmd, &c.json, "json")
	return cmd
}

// hardwareIDJSON is printed by hardware-id with --json: the ID, or why it could not be
// read.
type hardwareIDJSON struct {
	HardwareID     string             `json:"hardware_id,omitempty"`
	HardwareSource machine.Source     `json:"hardware_source"`
	Origin         string             `json:"origin,omitempty"`
	Warnings       []string           `json:"warnings,omitempty"`
	Error          *fault.Explanation `json:"error,omitempty"`
}

func (c *command) runHardwareID(named, card string, all, force bool) error {
	if named != "" && all {
		return fault.New(fault.Usage, "cmd.either", "first", "--source", "second", "--all")
	}
	if card != "" && all {
		return fault.New(fault.Usage, "cmd.either", "first", "--card", "second", "--all")
	}
	source := machine.Source(named)
	if named != "" && (!source.Valid() || source == machine.Typed) {
		return unknownSource(named)
	}
	c.noPracticeNotice = true
	a, err := c.app()
	if err != nil {
		return err
	}
	application := a.Profile.Hardware.ApplicationID
	if all {
		for _, candidate := range a.Computer.All(application) {
			c.showCandidate(candidate)
		}
		return nil
	}
	if source == "" {
		source = a.Profile.Hardware.Source
	}
	id, err := a.Computer.HardwareID(source, application)
	if err != nil {
		return err
	}
	if card != "" {
		if err := a.SaveCard(card, id, force); err != nil {
			return err
		}
		fmt.Fprintln(c.err, c.words.Text("cmd.card_saved", "path", card))
	}
	if c.json {
		c.showCandidate(machine.Candidate{HardwareID: id})
		return nil
	}
	fmt.Fprintln(c.out, id.Value)
	c.warn(id.Doubts...)
	return nil
}

func (c *command) showCandidate(candidate machine.Candidate) {
	id := candidate.HardwareID
	if c.json {
		j := hardwareIDJSON{id.Value, id.Source, id.Origin, c.phrases(id.Doubts), nil}
		if candidate.Err != nil {
			e := fault.Explain(candidate.Err, c.words)
			j.Error = &e
		}
		c.object(c.out, j)
		return
	}
	if candidate.Err != nil {
		fmt.Fprintf(c.out, "%s\n  %s\n", id.Source, fault.Explain(candidate.Err, c.words).Message)
		return
	}
	fmt.Fprintf(c.out, "%s\n  %s\n  %s\n", id.Source, id.Value, c.words.Text("cmd.origin", "origin", id.Origin))
	for _, doubt := range id.Doubts {
		fmt.Fprintf(c.out, "  %s\n", doubt.Localize(c.words))
	}
}
