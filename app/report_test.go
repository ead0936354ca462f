package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/durable"
)

// reportOn submits requests with a report and returns the report.
func reportOn(t *testing.T, b *bench, name string, fullKeys bool, inputs []Input) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	r, err := b.NewReport(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.FullKeys = fullKeys
	if err := b.knowing(acme()).Run(t.Context(), Run{Inputs: slices.Values(inputs), Send: true, Done: r.Add}); err != nil {
		t.Fatal(err)
	}
	if IsThere(path) {
		t.Error("the report is there before it is whole")
	}
	if err := r.Save(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAReportSaysWhatBecameOfEachAndMasksKeys(t *testing.T) {
	const evil = `=HYPERLINK("http://x")<script>alert(1)</script>`
	for _, ending := range ReportEndings {
		b := newBench(t, acme())
		released := b.create(t, Create{LicenseKey: "GPYC-X5J2-L5SK-C3LK", HardwareID: evil})
		user := b.create(t, Create{Username: "zoe@acme.example"})
		inputs := append(pasted(released.Encode(), user.Encode(), released.Encode()), Input{Name: "<b>page.html", Data: []byte("<html>")})
		got := reportOn(t, b, "r"+ending, false, inputs)
		for _, want := range []string{"xxxx-xxxx-xxxx-C3LK", "zoe@acme.example", released.CheckCode(), user.CheckCode()} {
			if !strings.Contains(got, want) {
				t.Errorf("%s has no %s:\n%s", ending, want, got)
			}
		}
		if strings.Contains(got, "GPYC") || strings.Contains(got, "<script") && ending == ".html" || strings.Contains(got, "\n=") || strings.Contains(got, ",=") || strings.Contains(got, "<b>") && ending == ".html" {
			t.Errorf("%s:\n%s", ending, got)
		}
		if full := reportOn(t, b, "r"+ending, true, inputs[:1]); !strings.Contains(full, "GPYC-X5J2-L5SK-C3LK") {
			t.Errorf("%s has no whole key", ending)
		}
		switch ending {
		case ".csv":
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got, "\ufeff"))).ReadAll()
			if err != nil || len(rows) != 4 {
				t.Errorf("%d rows, %v", len(rows), err)
			}
		case ".json":
			var rows []reportRow
			if err := json.Unmarshal([]byte(got), &rows); err != nil || len(rows) != 3 || rows[0].Outcome != "released" || len(rows[0].Sources) != 2 || rows[2].Outcome != "" || rows[2].Message == "" {
				t.Errorf("%+v, %v", rows, err)
			}
		case ".html":
			if !strings.Contains(got, "2 released, 1 not readable") || strings.Contains(got, "http-equiv=\"refresh\"") {
				t.Error(got)
			}
		}
	}
}

// A run that is repeated has all of it in its report: what was released before, too.
func TestTheReportOfARepeatedRunIsComplete(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	first := reportOn(t, b, "a.json", false, pasted(text))
	second := reportOn(t, b, "a.json", false, pasted(text))
	var one, two []reportRow
	if err := errors.Join(json.Unmarshal([]byte(first), &one), json.Unmarshal([]byte(second), &two)); err != nil {
		t.Fatal(err)
	}
	if one[0].Outcome != two[0].Outcome || one[0].When != two[0].When {
		t.Errorf("%+v\n%+v", one, two)
	}
}

func TestAKeyIsMaskedButForItsEnd(t *testing.T) {
	for key, want := range map[string]string{
		"GPYC-X5J2-L5SK-C3LK": "xxxx-xxxx-xxxx-C3LK", "ABCDEFGH": "xxxxxxGH", "ABC": "xxx", "": "", "ÄÖÜ-äöüß-abc": "xxx-xxxx-xbc",
	} {
		if got := Masked(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func TestAReportIsRefusedBeforeAnythingIsSent(t *testing.T) {
	b := newBench(t, acme())
	there := apptest.File(t, "there.csv", "mine")
	if _, err := b.NewReport(there, false); !errors.Is(err, durable.ErrExists) {
		t.Error(err)
	}
	if _, err := b.NewReport(filepath.Join(t.TempDir(), "r.xlsx"), false); !errors.Is(err, ErrReportForm) {
		t.Error(err)
	}
	if _, err := b.NewReport(filepath.Join(t.TempDir(), "none", "r.csv"), false); err == nil {
		t.Error("the folder is not there")
	}
	// One that is not saved leaves nothing.
	folder := t.TempDir()
	r, err := b.NewReport(filepath.Join(folder, "r.csv"), false)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if names := apptest.Names(t, folder); len(names) > 0 {
		t.Errorf("%v", names)
	}
	restore := durable.Inject(func(name string) error {
		if name == "sync" {
			return errors.New("no space")
		}
		return nil
	})
	defer restore()
	if r, err = b.NewReport(filepath.Join(folder, "r.csv"), false); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(); err == nil {
		t.Error("a report that was not written was saved")
	}
	r.Close()
	if names := apptest.Names(t, folder); len(names) > 0 {
		t.Errorf("%v", names)
	}
}

func TestAStreamIsWholeAndReplacesOnlyWhatItMay(t *testing.T) {
	path := apptest.File(t, "a", "before")
	if _, err := durable.NewStream(path, false); !errors.Is(err, durable.ErrExists) {
		t.Error(err)
	}
	s, err := durable.NewStream(path, true)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	for n := range 10_000 {
		fmt.Fprintln(&want, n)
		fmt.Fprintln(s, n)
	}
	if got, _ := os.ReadFile(path); string(got) != "before" {
		t.Error("it was replaced before it was whole")
	}
	if err := s.Commit(); err != nil {
		t.Error(err)
	}
	s.Close()
	if got, _ := os.ReadFile(path); !bytes.Equal(got, want.Bytes()) {
		t.Error("it is not what was written")
	}
	if names := apptest.Names(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("%v", names)
	}
}
