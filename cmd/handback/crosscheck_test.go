package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
)

// tool runs a program by another author, which must succeed. Its Debian package has the
// same name.
func tool(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	return run(t, stdin, apptest.Tool(t, name, name), args...)
}

func run(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &out, &problem)
	}
	return out.String()
}

// vendor returns the flags for Acme's profile and shared key.
func vendor(t *testing.T) []string {
	t.Helper()
	folder, printed := t.TempDir(), t.TempDir()
	t.Setenv("HANDBACK_HOME", filepath.Join(folder, "home"))
	t.Setenv(overheardIn, printed)
	key := filepath.Join(folder, "key.txt")
	apptest.Write(t, key, canary)
	t.Cleanup(func() { noCanary(t, printed, nil) })
	return []string{"--profile", filepath.Join("testdata", "vendor", "acme.toml"), "--secret-file", key}
}

// created makes a request file with the command, and returns its path.
func created(t *testing.T, flags []string, more ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.req")
	args := append([]string{"create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7", "--output", path}, flags...)
	run(t, "", "handback", append(args, more...)...)
	return path
}

// opensslHMAC returns the HMAC-SHA256 with the shared key, computed by openssl.
func opensslHMAC(t *testing.T, text string) string {
	t.Helper()
	mac := tool(t, text, "openssl", "dgst", "-sha256", "-mac", "HMAC",
		"-macopt", "hexkey:"+hex.EncodeToString([]byte(canary)), "-binary")
	return strings.TrimSpace(tool(t, mac, "openssl", "base64", "-A"))
}

// payload has the members that a request's signature covers.
type payload struct {
	LicenseKey string `json:"license_key"`
	HardwareID string `json:"hardware_id"`
	Date       string `json:"date"`
	APIKey     string `json:"api_key"`
	Signature  string `json:"signature"`
}

func (p payload) signed() string {
	return "licenseSpring\ndate: " + p.Date + "\n" + p.LicenseKey + "\n" + p.HardwareID + "\n" + p.APIKey
}

func decodeFile(t *testing.T, path string, into any) {
	t.Helper()
	carried, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(string(carried))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestOpenSSLMakesTheSameSignatureOfSchema1(t *testing.T) {
	var p payload
	decodeFile(t, created(t, vendor(t)), &p)
	if want := opensslHMAC(t, p.signed()); p.Signature != want {
		t.Errorf("the signature is %s, openssl's %s", p.Signature, want)
	}
}

func TestOpenSSLMakesTheSameSignaturesOfSchema2(t *testing.T) {
	var whole struct {
		Request   json.RawMessage `json:"request"`
		Signature string          `json:"signature"`
	}
	decodeFile(t, created(t, vendor(t), "--schema", "2", "--variable", "note=<a & b>"), &whole)
	if want := opensslHMAC(t, string(whole.Request)); whole.Signature != want {
		t.Errorf("the outer signature is %s, openssl's %s", whole.Signature, want)
	}
	var p payload
	if err := json.Unmarshal(whole.Request, &p); err != nil {
		t.Fatal(err)
	}
	if want := opensslHMAC(t, p.signed()); p.Signature != want {
		t.Errorf("the inner signature is %s, openssl's %s", p.Signature, want)
	}
}

// startSandbox runs the sandbox until the test ends, and returns its URL.
func startSandbox(t *testing.T, flags []string) string {
	t.Helper()
	cmd := exec.Command("handback", append([]string{"sandbox"}, flags...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	found := listeningLine.FindStringSubmatch(line)
	if err != nil || found == nil {
		t.Fatalf("the sandbox said %q: %v", line, err)
	}
	return "http://" + found[1]
}

// TestCurlSubmitsTheFile sends the command's file with none of its code, in both forms
// that the License API documents.
func TestCurlSubmitsTheFile(t *testing.T) {
	flags := vendor(t)
	sandbox := startSandbox(t, flags)
	forms := map[string]func(path string) []string{
		"as it is": func(path string) []string {
			return []string{"-H", "Content-Type: text/plain", "--data-binary", "@" + path}
		},
		"as a form": func(path string) []string { return []string{"-F", "file=@" + path} },
	}
	for name, body := range forms {
		t.Run(name, func(t *testing.T) {
			device := strings.ReplaceAll(name, " ", "-")
			path := created(t, flags, "--hardware-id", device)
			if answer := curl(t, sandbox, body(path)); answer != `"license_deactivated"` {
				t.Fatalf("the first answer is %s", answer)
			}
			var refusal struct{ Code string }
			answer := curl(t, sandbox, body(path))
			if err := json.Unmarshal([]byte(answer), &refusal); err != nil || refusal.Code != "device_not_found" {
				t.Errorf("the second answer is %s", answer)
			}
		})
	}
}

// curl posts a body with an Authorization header signed by openssl.
func curl(t *testing.T, sandbox string, body []string) string {
	t.Helper()
	date := time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	authorization := `algorithm="hmac-sha256",headers="date",signature="` + opensslHMAC(t, "licenseSpring\ndate: "+date) +
		`",apikey="00000000-1111-2222-3333-444444444444"`
	args := append([]string{"-sS", "--noproxy", "*", "-H", "Date: " + date, "-H", "Accept: application/json",
		"-H", "Authorization: " + authorization}, body...)
	return tool(t, "", "curl", append(args, sandbox+"/api/v4/deactivate_offline")...)
}
