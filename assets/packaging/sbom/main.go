// Command sbom writes a CycloneDX 1.6 bill of materials of Go programs, from the
// build information that Go puts into them, and checks one:
//
//	sbom -name NAME -version X.Y.Z -date YYYY-MM-DD -vendor NAME [-note TEXT]... PROGRAM...
//	sbom -check FILE
//
// The same programs and flags give the same bytes. What C libraries a program loads
// does not stand in Go's build information, and so not in the bill.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// options are what a bill says that the programs do not.
type options struct {
	name, version, date, vendor string
	notes                       []string
}

var versionForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+){2,3}(-[0-9A-Za-z.-]+)?$`)

func run(arguments []string, out io.Writer) error {
	var o options
	var checked string
	flags := flag.NewFlagSet("sbom", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	once := func(name string, value *string) {
		flags.Func(name, "", func(text string) error {
			if *value != "" {
				return errors.New("given twice")
			}
			*value = text
			return plain(text)
		})
	}
	once("name", &o.name)
	once("version", &o.version)
	once("date", &o.date)
	once("vendor", &o.vendor)
	once("check", &checked)
	flags.Func("note", "", func(text string) error {
		o.notes = append(o.notes, text)
		return plain(text)
	})
	err := flags.Parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		return errors.New("usage: sbom -name NAME -version X.Y.Z -date YYYY-MM-DD -vendor NAME [-note TEXT]... PROGRAM... | sbom -check FILE")
	}
	if err != nil {
		return err
	}
	if checked != "" {
		if flags.NFlag() > 1 || flags.NArg() > 0 {
			return errors.New("-check takes one file and nothing else")
		}
		raw, err := os.ReadFile(checked)
		if err != nil {
			return err
		}
		if err := check(raw); err != nil {
			return fmt.Errorf("%s: %w", checked, err)
		}
		return nil
	}

	for _, needed := range []struct{ name, value string }{
		{"name", o.name}, {"version", o.version}, {"date", o.date}, {"vendor", o.vendor},
	} {
		if needed.value == "" {
			return fmt.Errorf("-%s is missing", needed.name)
		}
	}
	if !versionForm.MatchString(o.version) {
		return fmt.Errorf("-version %s is not of the form 1.2.3, or a brand's 1.2.3.4", o.version)
	}
	if _, err := time.Parse(time.DateOnly, o.date); err != nil {
		return fmt.Errorf("-date %s is not a date of the form 2026-11-01", o.date)
	}
	if flags.NArg() == 0 {
		return errors.New("no programs are named")
	}
	for _, file := range flags.Args() {
		// Go's flags end at the first file: a later one would be taken for a file.
		if strings.HasPrefix(file, "-") {
			return fmt.Errorf("%s: flags come before files", file)
		}
	}
	bill, err := describe(o, flags.Args())
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(bill)
}

// plain refuses what cannot stand on a line.
func plain(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("empty")
	case !utf8.ValidString(text):
		return errors.New("not utf-8")
	case strings.ContainsFunc(text, unicode.IsControl):
		return errors.New("has a control character")
	}
	return nil
}
