package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// check validates a bill against CycloneDX's schema, and checks what the schema cannot
// say: that all names of dependencies exist.
func check(text []byte) error {
	folder, err := exec.CommandContext(context.Background(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		return fmt.Errorf("no schema of CycloneDX: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(schemas(filepath.Join(strings.TrimSpace(string(folder)), "schema")))
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if err := schema.Validate(value); err != nil {
		return err
	}
	var bill cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bill); err != nil {
		return err
	}
	refs := map[string]bool{bill.Metadata.Component.BOMRef: true}
	for _, c := range *bill.Components {
		if refs[c.BOMRef] {
			return fmt.Errorf("bom-ref %s is given twice", c.BOMRef)
		}
		refs[c.BOMRef] = true
	}
	for _, d := range *bill.Dependencies {
		for _, ref := range append([]string{d.Ref}, *d.Dependencies...) {
			if !refs[ref] {
				return fmt.Errorf("dependencies name %s, which is nowhere", ref)
			}
		}
	}
	return nil
}

// schemas is the folder with CycloneDX's schemas, so that nothing is fetched.
type schemas string

func (folder schemas) Load(url string) (any, error) {
	name := filepath.Base(url)
	if name == "jsf-0.82.schema.json" {
		name = "jsf-0.82.schemax.json" // its name in the folder
	}
	file, err := os.Open(filepath.Join(string(folder), name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return jsonschema.UnmarshalJSON(file)
}
