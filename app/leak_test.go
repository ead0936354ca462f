package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
)

// canary has the forms in which the shared key might appear.
var canary = map[string]string{
	"as it is":   sharedKey,
	"in hex":     hex.EncodeToString([]byte(sharedKey)),
	"in base64":  strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(sharedKey)), "="),
	"in numbers": strings.Trim(fmt.Sprint([]byte(sharedKey)), "[]"),
}

// sing fails the test if a printed value contains the shared key.
func sing(t *testing.T, name string, value any) {
	t.Helper()
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("value", "value", value)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("value", "value", value)
	encoded, _ := json.Marshal(value) // fails for values with functions
	for form, text := range map[string]string{
		"%v": fmt.Sprintf("%v", value), "%+v": fmt.Sprintf("%+v", value), "%#v": fmt.Sprintf("%#v", value),
		"JSON": string(encoded), "slog": logged.String(),
	} {
		for dress, bird := range canary {
			if strings.Contains(strings.ToLower(text), strings.ToLower(bird)) {
				t.Errorf("%s as %s holds the shared key %s", name, form, dress)
			}
		}
	}
}

// F61
func TestTheSharedKeyIsInNothingThatCanBePrinted(t *testing.T) {
	w := words.English()
	for name, b := range map[string]*bench{
		"API key":             newBench(t, acme()),
		"OAuth":               newBench(t, oauthProfile("client_id")),
		"OAuth refused":       newBench(t, oauthProfile("client_id"), "token_refused"),
		"OAuth answered HTML": newBench(t, oauthProfile("client_id"), "token_not_json"),
		"refused":             newBench(t, acme(), "signature_mismatch"),
		"answered HTML":       newBench(t, acme(), "login_page"),
		"redirected":          newBench(t, acme(), "redirect"),
	} {
		folder := t.TempDir()
		target := []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}, {Kind: QRFile, Path: filepath.Join(folder, "a.svg")}}
		job := Create{LicenseKey: licenseKey, HardwareID: hardwareID, Targets: target}
		made, err := b.Create(job)
		if err != nil {
			t.Fatal(err)
		}
		_, exists := b.Create(job)
		one := b.inspect(t, made.Encode())
		s := b.Submit(context.Background(), one, Submit{})
		b.wire.Lose = true
		lost := b.Submit(context.Background(), one, Submit{})
		for part, value := range map[string]any{
			"app": b.App, "profile": b.Profile, "job": job, "created": made, "request": string(made.JSON()), "exists": exists,
			"inspection": one, "submission": s, "error": s.Answer.Err, "lost": lost, "no key": fault.Named("a", secret.ErrNone),
		} {
			sing(t, name+", "+part, value)
		}
		for part, s := range map[string]Submission{"submission": s, "lost": lost} {
			message, advice := s.Explain(w)
			sing(t, name+", words of "+part, s.Headline(w)+message+advice)
		}
		for _, sent := range b.wire.Sent() {
			sing(t, name+", what was sent", []any{sent.URL.String(), sent.Header})
		}
	}
}

// Many people see the name of a file, which must not contain the license key.
func TestFileNamesHoldNoLicenseKey(t *testing.T) {
	made := newBench(t, acme()).create(t, Create{})
	if strings.Contains(strings.ToUpper(made.FileName()), "GPYC") {
		t.Error(made.FileName())
	}
}

func TestTheCanaryWouldBeHeard(t *testing.T) {
	heard := &testing.T{}
	sing(heard, "an error", errors.New("wrong key: "+sharedKey))
	if !heard.Failed() {
		t.Error("the search finds nothing")
	}
}
