package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/google/uuid"

	"handback/assets"
)

// bom is a bill of materials, as far as Handback needs CycloneDX's form. The members
// stand in the order of its documentation.
type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp  string      `json:"timestamp"`
	Lifecycles []lifecycle `json:"lifecycles"`
	Tools      tools       `json:"tools"`
	Component  component   `json:"component"`
	Supplier   *supplier   `json:"supplier"`
	Properties []property  `json:"properties,omitempty"`
}

type lifecycle struct {
	Phase string `json:"phase"`
}

type tools struct {
	Components []component `json:"components"`
}

type component struct {
	Type        string     `json:"type"`
	Ref         string     `json:"bom-ref,omitempty"`
	Supplier    *supplier  `json:"supplier,omitempty"`
	Name        string     `json:"name"`
	Version     string     `json:"version,omitempty"`
	Description string     `json:"description,omitempty"`
	Hashes      []hash     `json:"hashes,omitempty"`
	Licenses    []licensed `json:"licenses,omitempty"`
	Copyright   string     `json:"copyright,omitempty"`
	PURL        string     `json:"purl,omitempty"`
	Properties  []property `json:"properties,omitempty"`
}

type supplier struct {
	Name string `json:"name"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licensed struct {
	License license `json:"license"`
}

type license struct {
	ID string `json:"id"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// settings are the build's settings that a bill repeats. The others are left out:
// -ldflags could hold what was never meant to be read.
var settings = []string{"-buildmode", "-compiler", "-tags", "-trimpath", "CGO_ENABLED", "GOARCH", "GOOS"}

// describe makes the bill of the programs in files.
func describe(o options, files []string) (*bom, error) {
	from := &supplier{o.vendor}
	application := component{
		Type: "application", Ref: "application", Supplier: from,
		Name: o.name, Version: o.version, Licenses: under("Apache-2.0"),
	}
	components := map[string]component{}
	uses := map[string][]string{}
	named := map[string]string{} // the file of each hash
	add := func(user string, c component) error {
		if known, ok := components[c.Ref]; ok && !reflect.DeepEqual(known, c) {
			return fmt.Errorf("%s is not the same in all programs", c.Ref)
		}
		components[c.Ref] = c
		uses[user] = append(uses[user], c.Ref)
		return nil
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		info, err := buildinfo.Read(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		program := component{
			Type: "application", Supplier: from, Name: filepath.Base(file), Version: o.version, Description: system(info),
			Hashes: sum(raw), Licenses: under("Apache-2.0"), Properties: built(info),
		}
		digest := program.Hashes[0].Content
		program.Ref = "sha256:" + digest
		if other, ok := named[digest]; ok {
			return nil, fmt.Errorf("%s and %s are the same", other, file)
		}
		named[digest] = file
		used, err := parts(info)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		// Go leaves out what a program has no use for, so it is looked for.
		if bytes.Contains(raw, assets.Japanese) {
			used = append(used, typeface())
		}
		if err := add(application.Ref, program); err != nil {
			return nil, err
		}
		for _, c := range used {
			if err := add(program.Ref, c); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}

	bill := &bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		SerialNumber: "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL,
			[]byte("https://handback.app/sbom/"+strings.Join(slices.Sorted(maps.Keys(named)), "/"))).String(),
		Metadata: metadata{
			Timestamp:  o.date + "T00:00:00Z",
			Lifecycles: []lifecycle{{"post-build"}},
			Tools:      tools{[]component{{Type: "application", Name: "handback/assets/packaging/sbom", Version: o.version}}},
			Component:  application, Supplier: from,
		},
		Components: slices.SortedFunc(maps.Values(components), func(a, b component) int {
			return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Ref, b.Ref))
		}),
	}
	for _, note := range slices.Sorted(slices.Values(o.notes)) {
		bill.Metadata.Properties = append(bill.Metadata.Properties, property{"handback:note", note})
	}
	// Modules have no entry: what one of them uses is not in the build information,
	// and an empty entry would say that it uses nothing.
	for _, ref := range slices.Sorted(maps.Keys(uses)) {
		slices.Sort(uses[ref])
		bill.Dependencies = append(bill.Dependencies, dependency{ref, uses[ref]})
	}
	return bill, nil
}

// built is what is worth knowing of how a program was built.
func built(info *buildinfo.BuildInfo) []property {
	properties := []property{{"handback:go:package", info.Path}, {"handback:go:version", info.GoVersion}}
	for _, setting := range info.Settings {
		if slices.Contains(settings, setting.Key) {
			properties = append(properties, property{"handback:build:" + setting.Key, setting.Value})
		}
	}
	slices.SortFunc(properties, func(a, b property) int { return cmp.Compare(a.Name, b.Name) })
	return properties
}

// system tells programs of one name apart: linux/amd64.
func system(info *buildinfo.BuildInfo) string {
	built := map[string]string{}
	for _, setting := range info.Settings {
		built[setting.Key] = setting.Value
	}
	return built["GOOS"] + "/" + built["GOARCH"]
}

// parts are the modules of a program, and Go's standard library.
func parts(info *buildinfo.BuildInfo) ([]component, error) {
	number, ok := strings.CutPrefix(info.GoVersion, "go")
	// Experiments stand behind the number.
	number, _, _ = strings.Cut(number, " ")
	if !ok || number == "" {
		return nil, fmt.Errorf("built by %q, which is no release of go", info.GoVersion)
	}
	std := component{
		Type: "library", Name: "std", Version: number, Description: "Go's standard library",
		Licenses: under("BSD-3-Clause"), PURL: purl("std", number),
	}
	std.Ref = std.PURL
	found := []component{std}
	for _, dep := range info.Deps {
		found = append(found, module(dep))
	}
	return found, nil
}

// module describes a module as it was built in: a replaced one by what replaced it.
func module(m *debug.Module) component {
	c := component{Type: "library", Name: m.Path, Version: m.Version}
	in := m
	if m.Replace != nil {
		in = m.Replace
		c.Properties = append(c.Properties, property{"handback:go:replaces", m.Path + "@" + m.Version})
	}
	if m.Replace != nil && in.Version == "" {
		// A folder of the computer that built: it has no address, and is not the module
		// by whose name a scanner would look it up.
		c.Ref = "folder:" + m.Path + "@" + m.Version
		c.Description = "built from a local folder instead of the module"
		return c
	}
	c.Name, c.Version, c.PURL = in.Path, in.Version, purl(in.Path, in.Version)
	c.Ref = c.PURL
	if m.Replace != nil {
		c.Ref += " for " + m.Path + "@" + m.Version
	}
	if in.Sum != "" {
		c.Properties = append(c.Properties, property{"handback:go:h1", in.Sum})
	}
	slices.SortFunc(c.Properties, func(a, b property) int { return cmp.Compare(a.Name, b.Name) })
	return c
}

// purl is the address of a module. Its type asks for lower case, and a + of
// +incompatible is not to be read as a space.
func purl(path, version string) string {
	return "pkg:golang/" + strings.ToLower(path) + "@" + url.QueryEscape(version)
}

func typeface() component {
	return component{
		Type: "file", Ref: "assets/font/japanese.ttf", Supplier: &supplier{"Motoya Co., Ltd."},
		Name: "Motoya L Cedar", Description: "a part of the typeface, made by assets/font/subset.py",
		Hashes: sum(assets.Japanese), Licenses: under("Apache-2.0"), Copyright: "2010-2012 Motoya, Co. LTD.",
	}
}

func sum(raw []byte) []hash {
	digest := sha256.Sum256(raw)
	return []hash{{"SHA-256", hex.EncodeToString(digest[:])}}
}

func under(id string) []licensed { return []licensed{{license{id}}} }
