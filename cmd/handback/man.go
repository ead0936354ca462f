//go:build manual

// With the tag manual the program writes a manual page of each command instead:
//
//	go run -tags manual ./cmd/handback FOLDER
//
// What writes them is not in the command that is released.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"handback/app"
	"handback/app/brand"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/words"
	"handback/cmd/terminal"
)

func main() {
	if err := writeManual(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

// writeManual writes the manual pages into an existing folder.
func writeManual(folder string) error {
	c := &command{out: io.Discard, err: io.Discard, words: words.English()}
	for _, one := range withSubcommands(c.root()) {
		page, err := c.manual(one)
		if err != nil {
			return err
		}
		if err := durable.Write(filepath.Join(folder, pageName(one)+".1"), page, false); err != nil {
			return err
		}
	}
	return nil
}

// asTyped keeps characters that roff would replace by typographic ones: an option or path
// copied from a page would not work. Cobra writes [=false] after each option without a
// value.
var asTyped = strings.NewReplacer(`\-`, `\-`, "-", `\-`, "'", `\(aq`, "~", `\(ti`, "^", `\(ha`, "`", `\(ga`, "[=false]", "")

// manual returns the manual page of a command: Cobra's, with the sections that Cobra does
// not write.
func (c *command) manual(of *cobra.Command) ([]byte, error) {
	of.Flags().VisitAll(func(f *pflag.Flag) {
		value, ok := f.Value.(terminal.PlaceholderValue)
		if !ok {
			return
		}
		if f.DefValue != "" {
			f.Usage += " (default " + f.DefValue + ")"
		}
		f.DefValue = value.Placeholder // Cobra writes it after the flag's name
	})
	released := app.Released
	var written bytes.Buffer
	if err := doc.GenMan(of, &doc.GenManHeader{Date: &released, Source: brand.Current().Name + " " + app.Packaged()}, &written); err != nil {
		return nil, err
	}
	// What Cobra does not write goes before its last section. md2man makes a title of the
	// first heading.
	const last = "\n.SH SEE ALSO"
	more := strings.TrimPrefix(string(md2man.Render([]byte(c.more(of)))), ".nh\n")
	more = strings.Replace(more, ".TH ", "\n.SH ", 1)
	return []byte(asTyped.Replace(strings.Replace(written.String(), last, more+last, 1))), nil
}

// more returns, as Markdown, the sections of a page that Cobra does not write.
func (c *command) more(of *cobra.Command) string {
	var text strings.Builder
	section := func(name string) { fmt.Fprintf(&text, "# %s\n\n", name) }
	row := func(term, about string) { fmt.Fprintf(&text, "**%s**\n: %s\n\n", term, about) }
	if below := withSubcommands(of)[1:]; len(below) > 0 {
		section("COMMANDS")
		for _, one := range below {
			row(strings.TrimPrefix(one.CommandPath(), of.CommandPath()+" "), one.Short)
		}
	}
	if heading, values := c.values(of); len(values) > 0 {
		section(strings.ToUpper(strings.TrimSuffix(heading, ":")))
		for _, v := range values {
			row(v[0], v[1])
		}
	}
	path := strings.TrimSpace(strings.TrimPrefix(of.CommandPath(), of.Root().Name()))
	if names := members[path]; len(names) > 0 {
		section("JSON")
		text.WriteString("With **--json** the names of an object are these. They stay the same in later versions; others may be added. One that does not apply is left out.\n\n")
		for _, one := range names {
			row(one[0], one[1])
		}
	}
	first, _, _ := strings.Cut(path, " ")
	if last := cmp.Or(worst[path], worst[first]); last != "" && (!of.HasParent() || !of.HasSubCommands()) {
		section("EXIT STATUS")
		row("0", c.words.Text("cmd.exit.done"))
		for _, kind := range fault.Kinds()[:last.ExitStatus()] {
			row(strconv.Itoa(kind.ExitStatus()), c.words.Text("cmd.exit."+string(kind)))
		}
		if !of.HasParent() || strings.HasSuffix(of.Use, "...") {
			text.WriteString(c.words.Text("cmd.exit") + "\n\n")
		}
	}
	if !of.HasParent() {
		text.WriteString(c.words.Text("cmd.man"))
	}
	return text.String()
}

// members are the names of the JSON objects of a command, with their meaning.
var members = map[string][][2]string{
	"history list": recordMembers,
	"history show": recordMembers,
	"history verify": {
		{"intact", "true if nothing was changed, lost or exchanged"},
		{"records", "the number of records"},
		{"events", "the number of their events"},
		{"lines", "the number of lines of the audit chain"},
		{"head", "the digest of its last line, for --head"},
		{"findings", "what was found, a list of objects with the names kind, harmless (a crash or an earlier version leaves it), message, and line, record, check_code, event and path where they apply"},
	},
}

var recordMembers = [][2]string{
	{"request_id", "as in the request"},
	{"date", "when the request was made, as in the request"},
	{"practice", "true if no license is released with it"},
	{"state", "created, exported, submitting, released, probably_released, refused or unknown"},
	{"by_receipt", "true if the state is what a receipt says"},
	{"product", "the product code"},
	{"license_key", "or username"},
	{"username", "or license_key"},
	{"hardware_id", "of the computer that is released"},
	{"check_code", "by which people name the request"},
	{"events", "what happened, a list of objects: at and what; kind, path, bytes and sha256 of a file that was written; endpoint, sent, status, code, message, server_date and issuer of a submission and its answer; holds if the vendor's record was asked; receipt if a receipt says so"},
}

// worst is the highest exit status of a command. Commands that only print what is in the
// program have none.
var worst = map[string]fault.Kind{
	"":               fault.Unknown,
	"check":          fault.Unknown,
	"create":         fault.Write,
	"hardware-id":    fault.Write,
	"history":        fault.Write,
	"history import": fault.Connection, // another program is using the record
	"history verify": fault.Input,
	"inspect":        fault.Write,
	"profile":        fault.Write,
	"profile test":   fault.Unknown,
	"sandbox":        fault.Connection, // another program is using the port
	"submit":         fault.Unknown,
}

// pageName returns the file name of a command's page without its ending, such as
// handback-history-show (git's pages are named like that).
func pageName(of *cobra.Command) string { return strings.ReplaceAll(of.CommandPath(), " ", "-") }
