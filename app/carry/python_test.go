package carry

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/secret"
)

// The reader in tools/carrying was written from docs/carrying-format.md alone.
func TestAReaderWrittenFromTheDocumentReadsTheSame(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("python3 is asked on Linux; what it reads is the same")
	}
	python := apptest.Tool(t, "python3", "python3")
	vectors := loadArmorVectors(t)
	type input struct {
		Text  string           `json:"text"`
		Known []map[string]any `json:"known"`
	}
	type output struct{ Request, Fault string }
	var inputs []input
	var wants []output
	add := func(text string, want output, known ...request.Common) {
		one := input{Text: text}
		for _, c := range known {
			profile := map[string]any{"product": c.Product, "api_key": c.APIKey}
			if c.APIKey == "" {
				profile = map[string]any{"product": c.Product, "client_id": c.ClientID}
			}
			one.Known = append(one.Known, profile)
		}
		inputs, wants = append(inputs, one), append(wants, want)
	}
	for _, v := range vectors.Good {
		add(v.Text, output{Request: vectors.Requests[v.Request]}, v.known()...)
	}
	for _, v := range vectors.Bad {
		add(v.Text, output{Fault: v.Fault}, v.known()...)
	}
	key := secret.New([]byte("key"))
	for i := range 300 {
		d := request.Draft{Schema: 1 + i%2, Hex: i%4 == 1, LicenseKey: fmt.Sprintf("AAAA-%04d-B%03d-CCCC", i, i), Product: "acmecad",
			HardwareID: fmt.Sprintf("%0*x", 2+i%64, i), APIKey: "00000000-1111-2222-3333-444444444444",
			Optional: []request.Member{request.Text("hostname", fmt.Sprint("büro \"", rune('!'+i), "\"\n"))}}
		d.RequestID = d.NewID()
		r, err := request.Make(d, time.Now, key)
		if i%3 == 0 {
			r, err = request.Unsigned(d, time.Now)
		}
		if err != nil {
			t.Fatal(err)
		}
		known := []request.Common{{Product: d.Product, APIKey: d.APIKey}}
		codes, err := Codes(r.Encode(), Drawing{}, Reader{Known: known[:i%2]})
		if err != nil {
			t.Fatal(err)
		}
		add(codes[0].Text, output{Request: r.Encode()}, known...)
	}

	var given bytes.Buffer
	encoder := json.NewEncoder(&given)
	for _, one := range inputs {
		if err := encoder.Encode(one); err != nil {
			t.Fatal(err)
		}
	}
	reader := exec.CommandContext(t.Context(), python, "../../tools/carrying/read.py", "--many")
	reader.Stdin = &given
	said, err := reader.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(said))
	lines.Buffer(nil, 1<<20)
	for i, want := range wants {
		var got output
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &got) != nil {
			t.Fatalf("%d answers of %d: %s", i, len(wants), lines.Bytes())
		}
		if got != want {
			t.Errorf("%.80q: it reads %v, want %v", inputs[i].Text, got, want)
		}
	}
}
