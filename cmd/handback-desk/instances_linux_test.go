package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/journal"
	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// asInstance makes the test's own program an instance of the desk.
const asInstance = "HANDBACK_TEST_INSTANCE"

func init() {
	if os.Getenv(asInstance) != "" {
		main()
	}
}

// counting is a License API that takes its time and counts what arrives.
type counting struct {
	inner   http.Handler
	mu      sync.Mutex
	arrived map[string]int // by body
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c.mu.Lock()
	c.arrived[string(body)]++
	c.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.inner.ServeHTTP(w, r)
}

// instance is one of several programs on one database. It is started again when it was
// killed.
type instance struct {
	t    testing.TB
	home string
	args []string

	mu      sync.Mutex
	program *exec.Cmd
	said    *bytes.Buffer
	address string
}

func (i *instance) start() {
	i.mu.Lock()
	defer i.mu.Unlock()
	self, err := os.Executable()
	if err != nil {
		i.t.Fatal(err)
	}
	i.said = &bytes.Buffer{}
	i.program = exec.Command(self, i.args...)
	i.program.Env = []string{asInstance + "=1", "HANDBACK_HOME=" + i.home, "HOME=" + i.home, "LANG=C.UTF-8", "GOMAXPROCS=2"}
	i.program.Stderr = i.said
	out, err := i.program.StdoutPipe()
	if err == nil {
		err = i.program.Start()
	}
	if err != nil {
		i.t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	if !found { // the database is being restarted
		_ = i.program.Wait()
	}
	i.address = address
}

func (i *instance) kill() {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = i.program.Process.Kill()
	_ = i.program.Wait()
}

func (i *instance) url() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.address
}

// begin starts instances on one database, for one License API.
func begin(t testing.TB, count int, database, endpoint string) []*instance {
	t.Helper()
	secretFile := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secretFile, []byte(apptest.SharedKey), 0o600); err != nil {
		t.Fatal(err)
	}
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apptest.APIKey + "'\nserver.endpoint = '" + endpoint + "'\n"
	instances := make([]*instance, count)
	for n := range instances {
		i := &instance{t: t, home: t.TempDir(), args: []string{"--listen", "127.0.0.1:0", "--journal", database, "--secret-file", "Acme CAD=" + secretFile,
			"--per-address", "1000000", "--per-license", "1000"}}
		if _, err := profile.Import(filepath.Join(i.home, "profiles"), "acme.toml", []byte(text), false); err != nil {
			t.Fatal(err)
		}
		i.start()
		if i.url() == "" {
			t.Fatalf("an instance does not start: %s", i.said)
		}
		instances[n] = i
		t.Cleanup(i.kill)
	}
	return instances
}

// emulated is a License API that knows the requests of numbered.
func emulated(t testing.TB) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apptest.APIKey, Secret: secret.New([]byte(apptest.SharedKey)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// numbered makes a signed request of a license of its own.
func numbered(n int) (*request.Request, error) {
	d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: fmt.Sprintf("KEY-%05d", n), HardwareID: fmt.Sprintf("device-%05d", n)}
	d.RequestID = d.NewID()
	return request.Make(d, time.Now, secret.New([]byte(apptest.SharedKey)))
}

// settled are the outcomes after which nobody tries again.
var settled = []request.State{request.Released, request.Unknown, request.ProbablyReleased, request.Refused}

// bring brings a request to an instance until it has an outcome, as a visitor would.
func bring(client *http.Client, instances []*instance, first int, carried string) (request.State, error) {
	var last string
	for try, deadline := 0, time.Now().Add(2*time.Minute); time.Now().Before(deadline); try++ {
		if try > 0 {
			time.Sleep(50 * time.Millisecond)
		}
		reply, err := client.Post(instances[(first+try)%len(instances)].url()+"/api/v1/requests", "text/plain", strings.NewReader(carried))
		if err != nil {
			last = err.Error()
			continue
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		var said struct {
			Results []struct {
				Outcome request.State `json:"outcome"`
			} `json:"results"`
		}
		if last = string(text); err == nil && json.Unmarshal(text, &said) == nil && len(said.Results) == 1 && slices.Contains(settled, said.Results[0].Outcome) {
			return said.Results[0].Outcome, nil
		}
	}
	return "", fmt.Errorf("no outcome: %s", last)
}

// Three instances on one database. They are killed again and again, the database is
// restarted twice, and every third request comes to two of them at the same time: each
// license is released once or reported as unknown, nothing is sent twice, no record is
// lost, and the audit chain is whole. HANDBACK_INSTANCES=10000 brings as many requests.
func TestRequestsSurviveInstancesThatAreKilledAndADatabaseThatIsRestarted(t *testing.T) {
	count := 300
	if text := os.Getenv("HANDBACK_INSTANCES"); text != "" {
		var err error
		if count, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	box := emulated(t)
	api := &counting{inner: box, arrived: map[string]int{}}
	server := httptest.NewServer(api)
	defer server.Close()
	database := postgrestest.Start(t)
	address := database.Database(t)
	instances := begin(t, 3, address, server.URL)

	var done atomic.Int64
	ended := make(chan struct{})
	var disturbing sync.WaitGroup
	disturbing.Go(func() {
		kills := max(12, count/150) // among them two restarts of the database
		for n := 1; n < kills; n++ {
			for done.Load() < int64(n*count/kills) {
				select {
				case <-ended:
					return
				case <-time.After(5 * time.Millisecond):
				}
			}
			if n == kills/3 || n == 2*kills/3 {
				database.End()
				time.Sleep(300 * time.Millisecond)
				database.Begin()
				continue
			}
			one := instances[n%len(instances)]
			one.kill()
			for one.start(); one.url() == ""; one.start() {
			}
		}
	})

	requests := make([]*request.Request, count)
	outcomes := make([][]request.State, count)
	var visitors sync.WaitGroup
	next := make(chan int)
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	for range 16 {
		visitors.Go(func() {
			for n := range next {
				r, err := numbered(n)
				if err != nil {
					t.Error(err)
					continue
				}
				requests[n] = r
				times := 1
				if n%3 == 0 {
					times = 2
				}
				outcomes[n] = make([]request.State, times)
				first := rand.IntN(len(instances))
				var both sync.WaitGroup
				for k := range times {
					both.Go(func() {
						var err error
						if outcomes[n][k], err = bring(client, instances, first+k, r.Encode()); err != nil {
							t.Errorf("request %d: %v", n, err)
						}
					})
				}
				both.Wait()
				done.Add(1)
			}
		})
	}
	began := time.Now()
	for n := range count {
		next <- n
	}
	close(next)
	visitors.Wait()
	took := time.Since(began)
	close(ended)
	disturbing.Wait()

	api.mu.Lock()
	defer api.mu.Unlock()
	for body, n := range api.arrived {
		if n > 1 {
			t.Errorf("%.60s was sent %d times", body, n)
		}
	}
	released := map[string]int{}
	for _, device := range box.Released() {
		released[device.Owner]++
	}
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	j := &journal.Journal{Store: db.Journal(), Words: words.English(), Tool: "Handback test", Now: time.Now}
	states := map[request.State]int{}
	for n, r := range requests {
		if r == nil {
			continue
		}
		state := j.Known(r).State()
		states[state]++
		owner := r.LicenseKey
		switch {
		case released[owner] > 1:
			t.Errorf("%s was released %d times", owner, released[owner])
		case state == request.Released && released[owner] == 0:
			t.Errorf("%s is in the journal as released, but is not", owner)
		case state != request.Released && state != request.Unknown:
			t.Errorf("request %d is %q in the journal", n, state)
		}
		for _, told := range outcomes[n] {
			if told == request.Released && (state != request.Released || released[owner] == 0) || told != request.Released && told != request.Unknown {
				t.Errorf("request %d: somebody was told %q, the journal says %q", n, told, state)
			}
		}
	}
	v, err := j.Verify("")
	if err != nil || len(v.Findings) > 0 || v.Records != count {
		t.Errorf("%d of %d records; found %+v, %v", v.Records, count, v.Findings, err)
	}
	if states[request.Released] < count*3/4 {
		t.Errorf("only %d of %d were released", states[request.Released], count)
	}
	t.Logf("%d requests in %v: %v, %d lines", count, took.Round(time.Millisecond), states, v.Lines)
	if t.Failed() {
		for _, i := range instances {
			t.Logf("an instance said:\n%s", i.said)
		}
	}
}
