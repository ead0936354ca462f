package request_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
)

// vector is a file of testdata/vectors; see testdata/README.md.
type vector struct {
	name, expect, comment string
	key                   secret.Secret
	carried               []byte
}

func vectors(t testing.TB) (all []vector) {
	t.Helper()
	paths, err := filepath.Glob("testdata/vectors/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, body, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
		fields := map[string]string{}
		for line := range strings.Lines(head) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			fields[name] = value
		}
		v := vector{name: strings.TrimSuffix(filepath.Base(path), ".txt"), expect: fields["expect"], comment: fields["comment"],
			key: secret.New([]byte(fields["key"])), carried: []byte(strings.TrimSuffix(body, "\n"))}
		if fields["form"] == "hex" {
			v.carried, err = hex.DecodeString(string(v.carried))
		}
		if !ok || err != nil || v.expect == "" || v.comment == "" || v.key.IsZero() {
			t.Fatalf("%s is no vector: %v", path, err)
		}
		all = append(all, v)
	}
	return all
}

// told returns a reader's result: the verdict on the signature, or the last part of the
// fault's key.
func told(v vector) (string, *request.Request) {
	text, err := carry.Text(v.carried)
	if err == nil {
		var r *request.Request
		if r, err = request.Decode(text); err == nil {
			if r.Handoff {
				return "handoff", r
			}
			return string(r.Verify(v.key)), r
		}
	}
	f := new(fault.Fault)
	if !errors.As(err, &f) {
		return "no fault: " + err.Error(), nil
	}
	return f.Key[strings.LastIndex(f.Key, ".")+1:], nil
}

// F17 F21 F22 F23 F24 F25 F26 F27 F28 F30 F31 F33 F65
func TestTheRequestVectorsHold(t *testing.T) {
	all := vectors(t)
	negative := 0
	for _, v := range all {
		got, _ := told(v)
		if got != v.expect {
			t.Errorf("%s (%s): got %s, want %s", v.name, v.comment, got, v.expect)
		}
		if v.expect != "valid" && v.expect != "handoff" {
			negative++
		}
	}
	if len(all) < 150 || negative*4 < len(all)*3 {
		t.Errorf("%d vectors, %d of them negative", len(all), negative)
	}
}

// F18: a request cut at every byte. It is readable only if just padding was cut off.
func TestEveryPrefixOfARequestIsAFaultAndNoPanic(t *testing.T) {
	for _, v := range vectors(t) {
		if v.expect != "valid" || strings.HasPrefix(v.name, "form-") {
			continue
		}
		_, before := told(v)
		for n := range len(v.carried) {
			cut := v
			cut.carried = v.carried[:n]
			got, after := told(cut)
			if strings.HasPrefix(got, "no fault") || got == "valid" && string(before.MembersJSON()) != string(after.MembersJSON()) {
				t.Fatalf("%s cut to %d bytes: %s", v.name, n, got)
			}
		}
	}
}

// F19: every bit of the JSON flipped. A request that is still valid means the same to the
// server as before, except for members that the signature does not cover.
func TestEveryFlippedBitIsRefusedOrShows(t *testing.T) {
	for _, name := range []string{"valid-license-key", "valid-username", "valid-client-id", "valid-optional", "valid-schema-2", "valid-schema-2-hex"} {
		for _, v := range vectors(t) {
			if v.name != name {
				continue
			}
			json, err := base64.StdEncoding.DecodeString(string(v.carried))
			if err != nil {
				t.Fatal(err)
			}
			_, before := told(v)
			for bit := range len(json) * 8 {
				changed := append([]byte{}, json...)
				changed[bit/8] ^= 1 << (bit % 8)
				v.carried = []byte(base64.StdEncoding.EncodeToString(changed))
				got, after := told(v)
				if strings.HasPrefix(got, "no fault") {
					t.Fatalf("%s, bit %d: %s", name, bit, got)
				}
				if got == "valid" && covered(before) != covered(after) {
					t.Errorf("%s, bit %d: valid, and the signed part is now %s", name, bit, covered(after))
				}
			}
		}
	}
}

// covered returns what the signature covers.
func covered(r *request.Request) string {
	if r.Schema == request.Schema2 {
		return string(r.MembersJSON())
	}
	return strings.Join([]string{r.Date, r.Owner(), r.HardwareID, r.Client()}, "\n")
}

func FuzzHandoff(f *testing.F) {
	for _, v := range vectors(f) {
		if strings.HasPrefix(v.name, "handoff") {
			f.Add(v.carried)
		}
	}
	f.Fuzz(func(t *testing.T, carried []byte) {
		r, err := request.Decode(string(carried))
		if err != nil || !r.Handoff {
			return
		}
		key := secret.New([]byte("key"))
		if r.Verify(key) != request.Absent {
			t.Error("a hand-off has a signature")
		}
		signed, err := r.Sign(now, key, false)
		if err != nil {
			return
		}
		if signed.Verify(key) != request.Valid || signed.Owner() != r.Owner() || signed.HardwareID != r.HardwareID || signed.Date == r.Date {
			t.Errorf("signed as %s", signed.JSON())
		}
	})
}
