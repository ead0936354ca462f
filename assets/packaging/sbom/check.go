package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"path"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed schema/*.json
var schemas embed.FS

const home = "http://cyclonedx.org/schema/"

// check holds a bill against CycloneDX's own schema, and against what the schema
// cannot say: that every name is given once, and that what is named exists.
func check(raw []byte) error {
	// The validator's own reader takes the last of two members of one name.
	if !jsontext.Value(raw).IsValid() {
		return errors.New("not strict json")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	// Nothing is fetched: what is not embedded is an error.
	compiler.UseLoader(embedded{})
	schema, err := compiler.Compile(home + "bom-1.6.schema.json")
	if err != nil {
		return err
	}
	if err := schema.Validate(value); err != nil {
		return err
	}
	bill := value.(map[string]any) // as the schema holds
	// The schema leaves the version open.
	if bill["specVersion"] != "1.6" {
		return fmt.Errorf("specVersion is %v, not 1.6", bill["specVersion"])
	}
	refs := map[string]bool{}
	if err := collect(value, refs); err != nil {
		return err
	}
	dependencies, _ := bill["dependencies"].([]any)
	for _, each := range dependencies {
		entry, _ := each.(map[string]any)
		on, _ := entry["dependsOn"].([]any)
		for _, ref := range append([]any{entry["ref"]}, on...) {
			if name, _ := ref.(string); !refs[name] {
				return fmt.Errorf("dependencies name %v, which is nowhere", ref)
			}
		}
	}
	return nil
}

// collect gathers what is named anywhere in value.
func collect(value any, refs map[string]bool) error {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			if err := collect(each, refs); err != nil {
				return err
			}
		}
	case map[string]any:
		if ref, ok := value["bom-ref"].(string); ok {
			if refs[ref] {
				return fmt.Errorf("bom-ref %s is given twice", ref)
			}
			refs[ref] = true
		}
		for _, each := range value {
			if err := collect(each, refs); err != nil {
				return err
			}
		}
	}
	return nil
}

// embedded loads the schemas that are in this program.
type embedded struct{}

func (embedded) Load(url string) (any, error) {
	if url != home+path.Base(url) {
		return nil, fmt.Errorf("%s is not embedded", url)
	}
	file, err := schemas.Open("schema/" + path.Base(url))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return jsonschema.UnmarshalJSON(file)
}
