// Command sbom prints the bill of materials of Go programs that are released together.
// CycloneDX's own cyclonedx-gomod reads each program; sbom joins its bills, and adds what
// Go's build information does not have.
//
//	sbom -gomod PACKAGE@VERSION -name NAME -version X.Y.Z -date YYYY-MM-DD -vendor NAME [-note TEXT] PROGRAM...
//
// The same programs and flags give the same bytes. The bill is checked before it is
// printed. It does not list C libraries that a program loads.
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/uuid"

	"handback/assets"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// options are the facts of a bill that are not in the programs.
type options struct{ name, version, date, vendor, note string }

func run(arguments []string) error {
	var o options
	flags := flag.NewFlagSet("sbom", flag.ContinueOnError)
	gomod := flags.String("gomod", "", "cyclonedx-gomod, as go install takes it")
	flags.StringVar(&o.name, "name", "", "what is released")
	flags.StringVar(&o.version, "version", "", "its version")
	flags.StringVar(&o.date, "date", "", "the day of the release")
	flags.StringVar(&o.vendor, "vendor", "", "who releases it")
	flags.StringVar(&o.note, "note", "", "what people should know of it")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	tools, err := os.MkdirTemp("", "sbom-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tools)
	install := exec.CommandContext(context.Background(), "go", "install", *gomod) // #nosec G204 -- named by the Makefile
	install.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+tools)
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", *gomod, err, out)
	}
	var programs []program
	for _, file := range flags.Args() {
		p, err := read(filepath.Join(tools, "cyclonedx-gomod"), o.version, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		programs = append(programs, p)
	}
	text, err := write(o, programs)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

// write returns the bill of programs as JSON, valid by CycloneDX's schema.
func write(o options, programs []program) ([]byte, error) {
	bill, err := join(o, programs)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bill, cdx.SpecVersion1_6); err != nil {
		return nil, err
	}
	return text.Bytes(), check(text.Bytes())
}

// program is the content of a program and cyclonedx-gomod's bill of it.
type program struct {
	bill    cdx.BOM
	content []byte
}

// read runs cyclonedx-gomod on a program. Package addresses are short: the long ones name
// the system on which cyclonedx-gomod runs.
func read(gomod, version, file string) (p program, err error) {
	if p.content, err = os.ReadFile(file); err != nil {
		return p, err
	}
	command := exec.CommandContext(context.Background(), gomod, "bin", "-json", "-std", "-short-purls", "-noserial", "-notimestamp", "-version", version, file) // #nosec G204 -- installed above
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return p, err
	}
	return p, cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&p.bill)
}

// join returns the bill of all programs. The release depends on the programs, and each
// program on the modules that are built into it.
func join(o options, programs []program) (*cdx.BOM, error) {
	if len(programs) == 0 {
		return nil, errors.New("no programs are named")
	}
	vendor := &cdx.OrganizationalEntity{Name: o.vendor}
	components := map[string]cdx.Component{}
	uses := map[string][]string{}
	for _, p := range programs {
		c := *p.bill.Metadata.Component
		c.BOMRef, c.PackageURL, c.Supplier, c.Licenses, c.Hashes = "sha256:"+sum(p.content), "", vendor, apache(), sha256Of(p.content)
		c.Properties = p.bill.Metadata.Properties
		properties := map[string]string{}
		for _, property := range *c.Properties {
			properties[strings.TrimPrefix(property.Name, "cdx:gomod:")] = property.Value
		}
		c.Name, c.Description = properties["binary:name"], properties["build:env:GOOS"]+"/"+properties["build:env:GOARCH"]
		if _, ok := components[c.BOMRef]; ok {
			return nil, fmt.Errorf("%s is named twice", c.Name)
		}
		components[c.BOMRef] = c
		uses[application] = append(uses[application], c.BOMRef)
		parts := *p.bill.Components
		// Go leaves out files that a program does not use, so look for the typeface.
		if bytes.Contains(p.content, assets.Japanese) {
			parts = append(slices.Clone(parts), typeface())
		}
		for _, part := range parts {
			components[part.BOMRef] = part
			uses[c.BOMRef] = append(uses[c.BOMRef], part.BOMRef)
		}
	}

	tools := slices.Clone(*programs[0].bill.Metadata.Tools.Tools)
	for i := range tools {
		tools[i].Hashes = nil // they depend on how cyclonedx-gomod was compiled
	}
	bill := cdx.NewBOM()
	refs := slices.Sorted(slices.Values(uses[application]))
	bill.SerialNumber = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://handback.app/sbom/"+strings.Join(refs, "/"))).String()
	bill.Metadata = &cdx.Metadata{
		Timestamp:  o.date + "T00:00:00Z",
		Lifecycles: &[]cdx.Lifecycle{{Phase: cdx.LifecyclePhasePostBuild}},
		Tools:      &cdx.ToolsChoice{Tools: &tools},
		Supplier:   vendor,
		Component: &cdx.Component{
			Type: cdx.ComponentTypeApplication, BOMRef: application, Supplier: vendor, Name: o.name, Version: o.version, Licenses: apache(),
		},
	}
	if o.note != "" {
		bill.Metadata.Properties = &[]cdx.Property{{Name: "handback:note", Value: o.note}}
	}
	sorted := slices.SortedFunc(maps.Values(components), func(a, b cdx.Component) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.BOMRef, b.BOMRef))
	})
	bill.Components = &sorted
	// Modules have no entry: the build information does not say what they use, and
	// an empty entry would mean that they use nothing.
	var dependencies []cdx.Dependency
	for _, ref := range slices.Sorted(maps.Keys(uses)) {
		on := slices.Sorted(slices.Values(uses[ref]))
		dependencies = append(dependencies, cdx.Dependency{Ref: ref, Dependencies: &on})
	}
	bill.Dependencies = &dependencies
	return bill, nil
}

const application = "application"

func typeface() cdx.Component {
	return cdx.Component{
		Type: cdx.ComponentTypeFile, BOMRef: "assets/font/japanese.ttf", Supplier: &cdx.OrganizationalEntity{Name: "Motoya Co., Ltd."},
		Name: "Motoya L Cedar", Description: "a part of the typeface, made by assets/font/subset.py",
		Hashes: sha256Of(assets.Japanese), Licenses: apache(), Copyright: "2010-2012 Motoya, Co. LTD.",
	}
}

func sum(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content)) }

func sha256Of(content []byte) *[]cdx.Hash {
	return &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: sum(content)}}
}

func apache() *cdx.Licenses { return &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}} }
