package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

// chaos is a License API on a bad network: of a hundred submissions it loses five answers,
// resets five connections, fails two and turns two away. It counts what arrives.
type chaos struct {
	inner http.Handler

	mu      sync.Mutex
	arrived map[string]int // by body
}

func (c *chaos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	busy := false
	c.mu.Lock()
	dice := rand.IntN(100)
	if busy = dice < 2; !busy {
		c.arrived[string(body)]++
	}
	c.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case busy:
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	case dice < 4:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"status":500,"code":"internal_error","message":"internal error"}`)
	case dice < 9: // processed, and the answer is lost
		c.inner.ServeHTTP(httptest.NewRecorder(), r)
		cut(w)
	case dice < 14: // not processed
		cut(w)
	default:
		c.inner.ServeHTTP(w, r)
	}
}

// cut resets the connection.
func cut(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// Many requests over a bad network, with a program that is killed again and again: each
// license is released once or reported as unknown, and nothing is sent twice. make killed
// tries 2,000, and HANDBACK_SWEEP=10000 as many, which takes minutes.
func TestManyRequestsSurviveABadNetworkAndAProgramThatIsKilled(t *testing.T) {
	count := 300
	switch sweep := os.Getenv("HANDBACK_SWEEP"); sweep {
	case "":
	case "all":
		count = 2000
	default:
		var err error
		if count, err = strconv.Atoi(sweep); err != nil {
			t.Fatal(err)
		}
	}
	every := max(60, count/10)
	folder := t.TempDir()
	key := secret.New([]byte(canary))
	in := filepath.Join(folder, "in")
	ids := map[string]bool{}
	for n := range count {
		d := request.Draft{Schema: 1, Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444",
			LicenseKey: fmt.Sprintf("KEY-%05d", n), HardwareID: fmt.Sprintf("device-%05d", n)}
		d.RequestID = d.NewID()
		r, err := request.Make(d, time.Now, key)
		if err != nil {
			t.Fatal(err)
		}
		ids[r.RequestID] = true
		inner := filepath.Join(in, fmt.Sprintf("%03d", n/500))
		if err := os.MkdirAll(inner, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(inner, fmt.Sprintf("%05d.req", n)), []byte(r.Encode()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secretFile, profileFile := filepath.Join(folder, "key.txt"), filepath.Join(folder, "acme.toml")
	if err := os.WriteFile(secretFile, []byte(canary), 0o600); err != nil {
		t.Fatal(err)
	}
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '00000000-1111-2222-3333-444444444444'\n"
	if err := os.WriteFile(profileFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444", Secret: key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	api := &chaos{inner: box, arrived: map[string]int{}}
	server := httptest.NewServer(api)
	defer server.Close()

	printed := filepath.Join(folder, "printed")
	if err := os.MkdirAll(printed, 0o700); err != nil {
		t.Fatal(err)
	}
	environment := append(os.Environ(), "HANDBACK_HOME="+filepath.Join(folder, "home"), overheardIn+"="+printed)

	// run submits all, and is killed after so many answers, unless that is 0.
	outcomes := map[string]request.State{} // by request ID, as it was told last
	run := func(kill int) (answers int, told map[request.State]int) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		report := filepath.Join(folder, "report"+strconv.Itoa(rand.Int())+".json")
		cmd := exec.CommandContext(ctx, "handback", "submit", "--json", "--profile", profileFile, "--secret-file", secretFile,
			"--endpoint", server.URL, "--receipts", filepath.Join(folder, "receipts"), "--report", report, in)
		cmd.Env = environment
		var said strings.Builder
		cmd.Stderr = &said
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		told = map[request.State]int{}
		for lines.Scan() {
			var one struct {
				RequestID string        `json:"request_id"`
				Outcome   request.State `json:"outcome"`
			}
			if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
				t.Fatalf("%s: %v", lines.Bytes(), err)
			}
			outcomes[one.RequestID] = one.Outcome
			told[one.Outcome]++
			if answers++; answers == kill {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait()
		if kill == 0 {
			data, err := os.ReadFile(report)
			var rows []map[string]any
			if err == nil {
				err = json.Unmarshal(data, &rows)
			}
			if err != nil || len(rows) != count {
				t.Errorf("the report has %d rows: %v, %s", len(rows), err, said.String())
			}
		}
		return answers, told
	}
	if err := os.MkdirAll(filepath.Join(folder, "receipts"), 0o700); err != nil {
		t.Fatal(err)
	}
	for kill := every; kill < count; kill += every {
		run(kill)
	}
	for range 3 { // what was not processed goes then
		run(0)
	}
	answers, told := run(0)
	if answers != count || told[request.Released]+told[request.Unknown]+told[request.ProbablyReleased] != count {
		t.Errorf("%d of %d answers: %v", answers, count, told)
	}
	released := len(box.Released())
	if told[request.Released] > released || told[request.Released] < count/2 || told[request.Unknown] == 0 {
		t.Errorf("%v, and %d are released", told, released)
	}
	for body, n := range api.arrived {
		if n > 1 {
			t.Errorf("%.40s was sent %d times", body, n)
		}
	}
	for id := range ids {
		if outcomes[id] == "" {
			t.Errorf("nothing was ever said of %s", id)
		}
	}
	list := exec.CommandContext(t.Context(), "handback", "history", "list", "--json")
	list.Env = environment
	records, err := list.Output()
	if n := bytes.Count(records, []byte("\n")); err != nil || n != count {
		t.Errorf("the history has %d records: %v", n, err)
	}
	verify := exec.CommandContext(t.Context(), "handback", "history", "verify")
	verify.Env = list.Env
	if said, err := verify.CombinedOutput(); err != nil {
		t.Errorf("history verify: %v\n%s", err, said)
	}
}
