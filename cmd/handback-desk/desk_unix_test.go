//go:build unix

package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"handback/app"
	"handback/app/apptest"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// startIn makes the test's own program the command.
const startIn = "HANDBACK_TEST_DESK"

func TestMain(m *testing.M) {
	if os.Getenv(startIn) != "" {
		main()
	}
	os.Exit(m.Run())
}

// prepare returns the command with arguments, in a home folder and with nothing else of
// this computer.
func prepare(t *testing.T, home string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = []string{startIn + "=1", "HANDBACK_HOME=" + home, "HOME=" + home, "LANG=C.UTF-8", "GOCOVERDIR=" + t.TempDir()}
	return cmd
}

// program is a desk that answers.
type program struct {
	*exec.Cmd
	t      *testing.T
	url    string
	client *http.Client
	log    *logged
}

// logged is a log that several goroutines write and read.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func start(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{Cmd: cmd, t: t, log: &logged{}, client: &http.Client{Timeout: time.Minute}}
	cmd.Stderr = p.log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	if !found {
		_ = cmd.Wait()
		t.Fatalf("it does not answer: %s", p.log)
	}
	p.url = address
	return p
}

// stop ends the program as systemd does, and returns its exit status.
func (p *program) stop() int {
	p.t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	_ = p.Wait()
	return p.ProcessState.ExitCode()
}

func (p *program) do(method, path, kind, body string) (status int, text string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

// outcome brings a request and returns what became of it.
func (p *program) outcome(r *request.Request) string {
	p.t.Helper()
	_, text := p.do("POST", "/api/v1/requests", "text/plain", r.Encode())
	var all struct {
		Results []struct{ Outcome, Message string }
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all.Results) != 1 {
		p.t.Fatalf("%v: %s", err, text)
	}
	return all.Results[0].Outcome
}

func (p *program) logIn(name, password string) bool {
	p.t.Helper()
	jar, _ := cookiejar.New(nil) // does not fail
	p.client.Jar = jar
	status, _ := p.do("POST", "/desk/login", "application/x-www-form-urlencoded", url.Values{"name": {name}, "password": {password}}.Encode())
	return status == http.StatusOK
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 200 {
		if holds() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(what)
}

// vendor writes a profile for a sandbox, which answers when the gate is open, and returns
// its requests.
func vendor(t *testing.T, home string, gate func()) (next func() *request.Request) {
	t.Helper()
	key := secret.New([]byte(apptest.SharedKey))
	api, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apptest.APIKey, Secret: key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gate != nil {
			gate()
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	writeProfile(t, home, "Acme CAD", front.URL)
	var n atomic.Int64
	return func() *request.Request {
		d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: fmt.Sprintf("GPYC-X5J2-L5SK-%04d", n.Add(1)), HardwareID: apptest.HardwareID}
		d.RequestID = d.NewID()
		r, err := request.Make(d, time.Now, key)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

func writeProfile(t *testing.T, home, name, endpoint string) {
	t.Helper()
	text := "name = '" + name + "'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apptest.APIKey + "'\nserver.endpoint = '" + endpoint + "'\n"
	if _, err := profile.Import(filepath.Join(home, "profiles"), "acme.toml", []byte(text), true); err != nil {
		t.Fatal(err)
	}
}

func TestTheFirstStartMakesAnAdministratorWhoLogsIn(t *testing.T) {
	home := t.TempDir()
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0"))
	path := filepath.Join(home, "desk", "first-password")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	password, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.log.String(), strings.TrimSpace(string(password))) || !strings.Contains(p.log.String(), path) {
		t.Errorf("it says: %s", p.log)
	}
	if !p.logIn("admin", strings.TrimSpace(string(password))) {
		t.Error("the password is not accepted")
	}
	if status, text := p.do("GET", "/desk/people", "", ""); status != http.StatusOK || !strings.Contains(text, "admin") {
		t.Errorf("%d %s", status, text)
	}
	if status := p.stop(); status != 0 {
		t.Errorf("it ends with %d: %s", status, p.log)
	}
	again := start(t, prepare(t, home, "--listen", "127.0.0.1:0"))
	if after, _ := os.ReadFile(path); !bytes.Equal(after, password) || !again.logIn("admin", strings.TrimSpace(string(password))) {
		t.Error("the second start made another")
	}
	again.stop()
}

func TestTheDeskStartsWithoutItsIdentityProvider(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	issuer := "http://" + gone.Addr().String()
	_ = gone.Close()
	p := start(t, prepare(t, t.TempDir(), "--listen", "127.0.0.1:0", "--public", "https://desk.example", "--oidc-issuer", issuer, "--oidc-client", "desk",
		"--oidc-secret-file", apptest.File(t, "client", []byte("a-client-secret"))))
	defer p.stop()
	if status, text := p.do("GET", "/readyz", "", ""); status != http.StatusNoContent {
		t.Errorf("ready: %d %s", status, text)
	}
	if status, text := p.do("GET", "/desk/openid", "", ""); status != http.StatusServiceUnavailable || !strings.Contains(text, "cannot be reached") {
		t.Errorf("%d %s", status, text)
	}
	eventually(t, "the log does not say what is wrong", func() bool { return strings.Contains(p.log.String(), issuer) })
}

func TestAPersonIsAddedWithoutAPageAndSessionsEnd(t *testing.T) {
	home := t.TempDir()
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0"))
	defer p.stop()
	add := func(password string) error {
		cmd := prepare(t, home, "person", "Anna", "--role", "auditor")
		cmd.Stdin = strings.NewReader(password + "\n")
		return cmd.Run()
	}
	if err := add("a long enough password"); err != nil {
		t.Fatal(err)
	}
	if !p.logIn("anna", "a long enough password") {
		t.Fatal("she cannot log in")
	}
	if status, _ := p.do("GET", "/desk/actions", "", ""); status != http.StatusOK {
		t.Errorf("she is no auditor: %d", status)
	}
	if err := add("another long password"); err != nil {
		t.Fatal(err)
	}
	if _, text := p.do("GET", "/desk", "", ""); !strings.Contains(text, `name="password"`) {
		t.Error("she is still logged in after her password was changed")
	}
	if p.logIn("anna", "a long enough password") || !p.logIn("anna", "another long password") {
		t.Error("the password was not changed")
	}
}

func TestANewPasswordFromTheCommandLineLeavesTheRoleAndSaysSo(t *testing.T) {
	home := t.TempDir()
	add := func(args ...string) string {
		cmd := prepare(t, home, append([]string{"person"}, args...)...)
		cmd.Stdin = strings.NewReader("a long enough password\n")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%q: %v %s", args, err, out)
		}
		return string(out)
	}
	for _, one := range []struct {
		args []string
		want string
	}{
		{[]string{"Root", "--role", "administrator"}, "root, Administrator"},
		{[]string{"root"}, "root, Administrator"},
		{[]string{"anna"}, "anna, Agent"},
		{[]string{"anna", "--role", "auditor"}, "anna, Auditor"},
		{[]string{"anna"}, "anna, Auditor"},
	} {
		if said := add(one.args...); !strings.Contains(said, one.want) {
			t.Errorf("%q: %s", one.args, said)
		}
	}
}

func TestFilesOfSecretsThatAreNotRightAreWarnedOf(t *testing.T) {
	home := t.TempDir()
	vendor(t, home, nil)
	open := apptest.File(t, "open", apptest.SharedKey+"\n")
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0", "--secret-file", "Acme CAD="+open, "--secret-file", "Acme=/nowhere/x"))
	defer p.stop()
	for _, want := range []string{open + " can be read by other users", "/nowhere/x cannot be read", "no profile “acme”"} {
		eventually(t, "it does not warn: "+want, func() bool { return strings.Contains(p.log.String(), want) })
	}
	if strings.Contains(p.log.String(), "acme cad”") || strings.Contains(p.log.String(), apptest.SharedKey) {
		t.Errorf("%s", p.log)
	}
}

func TestSecretsComeFromFilesAlone(t *testing.T) {
	for name, give := range map[string]func(cmd *exec.Cmd, file string){
		"a flag": func(cmd *exec.Cmd, file string) { cmd.Args = append(cmd.Args, "--secret-file", "acme cad="+file) },
		"the environment": func(cmd *exec.Cmd, file string) {
			cmd.Env = append(cmd.Env, "HANDBACK_SECRET_FILE=Other=/nowhere:Acme CAD="+file)
		},
		"a credential":      func(cmd *exec.Cmd, file string) { credential(t, cmd, file, "acme-cad") },
		"a folder of them":  func(cmd *exec.Cmd, file string) { credential(t, cmd, file, "secret_acme-cad") },
		"none":              nil,
		"another profile's": func(cmd *exec.Cmd, file string) { credential(t, cmd, file, "secret_acme") },
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			next := vendor(t, home, nil)
			cmd := prepare(t, home, "--listen", "127.0.0.1:0")
			want := "not_sent"
			if give != nil {
				give(cmd, apptest.File(t, "key", apptest.SharedKey+"\n"))
			}
			if give != nil && name != "another profile's" {
				want = "released"
			}
			p := start(t, cmd)
			defer p.stop()
			if got := p.outcome(next()); got != want {
				t.Errorf("%s, want %s: %s", got, want, p.log)
			}
		})
	}
}

// credential passes a file as systemd does.
func credential(t *testing.T, cmd *exec.Cmd, file, name string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.Symlink(file, filepath.Join(folder, name)); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "CREDENTIALS_DIRECTORY="+folder)
}

func TestASecretStaysWithItsServerWhenItsProfileIsReplaced(t *testing.T) {
	home := t.TempDir()
	next := vendor(t, home, nil)
	key := apptest.File(t, "key", apptest.SharedKey+"\n")
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0", "--secret-file", "Acme CAD="+key))
	defer p.stop()
	if got := p.outcome(next()); got != "released" {
		t.Fatal(got)
	}
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	writeProfile(t, home, "Acme CAD", other.URL)
	p.reload()
	if got := p.outcome(next()); got != "not_sent" || reached.Load() != 0 {
		t.Errorf("%s, the other server was asked %d times", got, reached.Load())
	}
	out, err := prepare(t, home, "allow-server", "Acme CAD").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Acme CAD") {
		t.Errorf("%v: %s", err, out)
	}
	p.reload()
	if p.outcome(next()); reached.Load() == 0 {
		t.Error("it is not used for the other server although that was allowed")
	}
}

// reload sends SIGHUP and waits until it has been done.
func (p *program) reload() {
	p.t.Helper()
	before := strings.Count(p.log.String(), "reloaded")
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		p.t.Fatal(err)
	}
	eventually(p.t, "it did not reload", func() bool { return strings.Count(p.log.String(), "reloaded") > before })
}

// certificate writes a certificate for this computer and its key.
func certificate(t *testing.T, folder, name string) (roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	made, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, filepath.Join(folder, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}))
	apptest.Write(t, filepath.Join(folder, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return roots
}

func TestCertificateSecretAndProfileAreReadAgain(t *testing.T) {
	home, files := t.TempDir(), t.TempDir()
	old := certificate(t, files, "old.example")
	key := filepath.Join(files, "secret")
	apptest.Write(t, key, "the-wrong-shared-key-of-yesterday\n")
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0", "--tls-cert", filepath.Join(files, "cert.pem"), "--tls-key", filepath.Join(files, "key.pem"), "--secret-file", "Acme CAD="+key))
	defer p.stop()
	trust := func(roots *x509.CertPool) {
		p.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	}
	trust(old)
	if status, _ := p.do("GET", "/healthz", "", ""); status != http.StatusNoContent || !strings.HasPrefix(p.url, "https://") {
		t.Fatalf("%s: %d", p.url, status)
	}
	next := vendor(t, home, nil)
	if got := p.outcome(next()); got == "released" {
		t.Fatal("the profile was there before it was read")
	}
	p.reload()
	if got := p.outcome(next()); got == "released" {
		t.Fatal("released with the wrong key")
	}
	apptest.Write(t, key, apptest.SharedKey+"\n")
	renewed := certificate(t, files, "new.example")
	p.reload()
	trust(renewed)
	if got := p.outcome(next()); got != "released" {
		t.Errorf("after the reload: %s", got)
	}
	apptest.Write(t, filepath.Join(files, "cert.pem"), "broken")
	before := strings.Count(p.log.String(), "not reloaded")
	_ = p.Process.Signal(syscall.SIGHUP)
	eventually(t, "a broken certificate is not told", func() bool { return strings.Count(p.log.String(), "not reloaded") > before })
	if got := p.outcome(next()); got != "released" {
		t.Errorf("with a broken certificate the one before does not stay: %s", got)
	}
}

func TestASubmissionOnItsWayIsFinishedBeforeTheProgramEnds(t *testing.T) {
	home := t.TempDir()
	began, open := make(chan bool, 1), make(chan bool)
	next := vendor(t, home, func() {
		began <- true
		<-open
	})
	p := start(t, prepare(t, home, "--listen", "127.0.0.1:0", "--secret-file", "Acme CAD="+apptest.File(t, "key", apptest.SharedKey+"\n")))
	r := next()
	got := make(chan string, 1)
	go func() { got <- p.outcome(r) }()
	<-began
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it still takes visitors in", func() bool {
		connection, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second)
		if err == nil {
			_ = connection.Close()
		}
		return err != nil
	})
	close(open)
	if one := <-got; one != "released" {
		t.Errorf("the visitor was told %s", one)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("%v: %s", err, p.log)
	}
	a, err := app.New(home, profile.Practice(), words.English(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if record, err := a.Journal.Stored(journal.ID(r)); err != nil || record.State() != request.Released {
		t.Errorf("the record has %v, %v", record.State(), err)
	}
}

func TestTheProgramIsReplacedOnItsSocketAndNobodyIsTurnedAway(t *testing.T) {
	home := t.TempDir()
	next := vendor(t, home, func() { time.Sleep(5 * time.Millisecond) })
	key := apptest.File(t, "key", apptest.SharedKey+"\n")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	one := func() *program {
		inner := prepare(t, home, "--secret-file", "Acme CAD="+key, "--per-address", "100000")
		// systemd names the process that the sockets are for; the shell becomes the program.
		cmd := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"`}, inner.Args...)...)
		cmd.Env, cmd.ExtraFiles = inner.Env, []*os.File{socket}
		return start(t, cmd)
	}
	running := one()
	address := "http://" + listener.Addr().String()
	if running.url != address {
		t.Fatalf("it answers at %s, not at %s", running.url, address)
	}
	ended := make(chan bool)
	var sent atomic.Int64
	var visitors sync.WaitGroup
	for range 4 {
		visitors.Go(func() {
			// One connection each time, as a new visitor has.
			client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
			for {
				select {
				case <-ended:
					return
				default:
				}
				answer, err := client.Post(address+"/api/v1/requests", "text/plain", strings.NewReader(next().Encode()))
				if err != nil {
					t.Errorf("turned away: %v", err)
					return
				}
				text, err := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(text), `"outcome":"released"`) {
					t.Errorf("%v %s %s", err, answer.Status, text)
					return
				}
				sent.Add(1)
			}
		})
	}
	for range 3 {
		before := sent.Load()
		eventually(t, "nobody is answered", func() bool { return sent.Load() > before+5 || t.Failed() })
		newer := one()
		if status := running.stop(); status != 0 {
			t.Errorf("the older one ends with %d: %s", status, running.log)
		}
		running = newer
	}
	close(ended)
	visitors.Wait()
	running.stop()
	t.Logf("%d requests were answered", sent.Load())
}

func TestFiguresAreAtAnAddressOfTheirOwn(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := inner.Addr().String()
	_ = inner.Close()
	p := start(t, prepare(t, t.TempDir(), "--listen", "127.0.0.1:0", "--metrics", address))
	defer p.stop()
	p.do("GET", "/", "", "")
	if status, text := p.do("GET", "/metrics", "", ""); status != http.StatusNotFound || strings.Contains(text, "handback_desk") {
		t.Errorf("visitors get the figures: %d %s", status, text)
	}
	answer, err := http.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); !strings.Contains(string(text), `handback_desk_answer_seconds_count{pattern="GET /{$}",status="200"} 1`) {
		t.Errorf("%s", text)
	}
}

func TestAWrongCommandLineIsToldInWords(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	programmers := regexp.MustCompile(`strconv|pflag|arg\(s\)|shorthand|invalid argument|%!|<no value>|goroutine`)
	clientSecret := apptest.File(t, "client", []byte("a-client-secret"))
	for _, one := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"--nonsense"}, 2, "no flag --nonsense"},
		{[]string{"--GPYC-X5J2"}, 2, "no flag …"},
		{[]string{"-x"}, 2, "no flag"},
		{[]string{"--listen"}, 2, "--listen has no value"},
		{[]string{"--per-address", "many"}, 2, "--per-address takes a whole number"},
		{[]string{"persons"}, 2, "no command persons"},
		{[]string{"GPYC-X5J2"}, 2, "no command …"},
		{[]string{"person"}, 2, "person NAME"},
		{[]string{"person", "a", "b"}, 2, "person NAME"},
		{[]string{"person", "a", "--role", "king"}, 2, "no such role"},
		{[]string{"--secret-file", "GPYC-X5J2"}, 2, "whose secret"},
		{[]string{"allow-server", "Acme CAD"}, 2, "Acme CAD"},
		{[]string{"--per-address", "-1"}, 2, "--per-address"},
		{[]string{"--per-license", "0"}, 2, "--per-license"},
		{[]string{"--public", "nonsense"}, 2, "nonsense"},
		{[]string{"--public", "https://desk.example/desk"}, 2, "https://desk.example/desk"},
		{[]string{"--public", "ftp://desk.example"}, 2, "ftp://desk.example"},
		{[]string{"person", "anna"}, 2, "--role administrator"},
		{[]string{"--trust-proxy", "everybody"}, 2, "everybody"},
		{[]string{"--tls-cert", "/nowhere"}, 2, "certificate"},
		{[]string{"--oidc-issuer", "https://id.example"}, 2, "--oidc-client"},
		{[]string{"--oidc-issuer", "id.example", "--oidc-client", "desk", "--public", "https://desk.example", "--oidc-secret-file", clientSecret}, 2, "id.example"},
		{[]string{"--listen", taken.Addr().String()}, 7, taken.Addr().String()},
		{[]string{"--secret-file", "Acme CAD=/nowhere", "--listen", "nonsense"}, 7, "nonsense"},
	} {
		cmd := prepare(t, t.TempDir(), one.args...)
		cmd.Stdin = strings.NewReader("a long enough password\n")
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != one.status || !strings.Contains(string(out), one.says) || programmers.Match(out) || strings.Contains(string(out), "GPYC") {
			t.Errorf("%q: %v, want %d and %q: %s", one.args, err, one.status, one.says, out)
		}
	}
}

func TestTheHelpIsInThePersonsLanguage(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(usage|flags?|commands?:|help for|version for|available|default|the|for)\b`)
	help := func(path []string, language string) string {
		var out strings.Builder
		c := &command{out: &out, err: &out, words: words.For(language)}
		if status := c.run(t.Context(), append(path, "--help")); status != 0 {
			t.Errorf("%q in %s: %d", path, language, status)
		}
		return out.String()
	}
	for _, language := range words.Languages()[1:] {
		for _, path := range [][]string{{}, {"person"}, {"import-files"}, {"allow-server"}, {"history"}, {"history", "list"}, {"history", "receipt"}, {"history", "show"}, {"history", "verify"}} {
			said := help(path, language)
			if found := english.FindString(strings.ReplaceAll(said, "X-Forwarded-For", "")); found != "" || said == help(path, "en") {
				t.Errorf("%q in %s says %q in: %s", path, language, found, said)
			}
		}
	}
}

func TestSlowVisitorsAreLetGoInTime(t *testing.T) {
	const head = 100 * time.Millisecond
	server := answering(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }), slog.New(slog.DiscardHandler), head)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	for name, one := range map[string]struct {
		begins string
		within time.Duration
	}{
		"nothing at all":   {"", 30 * head},
		"a head":           {"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", 30 * head},
		"a body":           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", 60 * head},
		"a body in chunks": {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 60 * head},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			_, _ = io.WriteString(connection, one.begins)
			began := time.Now()
			go func() {
				for one.begins != "" {
					if _, err := io.WriteString(connection, "1\r\na\r\n"[:1]); err != nil {
						return
					}
					time.Sleep(head / 4)
				}
			}()
			_ = connection.SetReadDeadline(began.Add(10 * one.within))
			_, _ = io.Copy(io.Discard, connection)
			if took := time.Since(began); took > one.within {
				t.Errorf("it was held for %v", took)
			}
		})
	}
}

func TestAThousandIdleVisitorsKeepNobodyOut(t *testing.T) {
	p := start(t, prepare(t, t.TempDir(), "--listen", "127.0.0.1:0"))
	defer p.stop()
	for n := range 1000 {
		from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+n/100))}}
		connection, err := from.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, "GET / HTTP/1.1\r\n")
	}
	began := time.Now()
	if status, _ := p.do("GET", "/", "", ""); status != http.StatusOK || time.Since(began) > 5*time.Second {
		t.Errorf("%d after %v", status, time.Since(began))
	}
}

func TestWhatIsPackagedNamesTheFlagsThereAre(t *testing.T) {
	folder := filepath.Join("..", "..", "assets", "packaging", "linux")
	c := &command{words: words.English()}
	root := c.root()
	known := map[string]bool{"help": true, "version": true}
	var paths []string
	var visit func(of *cobra.Command)
	visit = func(of *cobra.Command) {
		of.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		of.PersistentFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		if of.RunE != nil && !of.HasSubCommands() {
			paths = append(paths, of.CommandPath())
		}
		for _, one := range of.Commands() {
			visit(one)
		}
	}
	visit(root)
	flags := regexp.MustCompile(`(?:^|[\s"\[(=])--([a-z][a-z-]*)`)
	for _, name := range []string{"compose.yaml", "handback-desk.default", "handback-desk.service", "handback-desk.1"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer(`\-`, "-", `\fR`, "", `\fP`, "").Replace(string(data))
		for _, found := range flags.FindAllStringSubmatch(text, -1) {
			if !known[found[1]] && found[1] != "help" {
				t.Errorf("%s names --%s, which does not exist", name, found[1])
			}
		}
		if name == "handback-desk.1" {
			for flag := range known {
				if flag != "help" && !strings.Contains(text, "--"+flag) {
					t.Errorf("the manual page does not name --%s", flag)
				}
			}
			for _, path := range paths {
				if !strings.Contains(text, ".B "+path+"\n") {
					t.Errorf("the manual page does not name %s", path)
				}
			}
		}
	}
	var compose struct {
		Services map[string]struct {
			Command     []string
			Secrets     []string
			Volumes     []string
			Environment map[string]string
		}
		Secrets map[string]struct{ File string }
		Volumes map[string]any
	}
	data, err := os.ReadFile(filepath.Join(folder, "compose.yaml"))
	if err == nil {
		err = yaml.Unmarshal(data, &compose)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(compose.Services["desk"].Command) == 0 {
		t.Error("compose.yaml does not start the desk")
	}
	for _, one := range compose.Services["desk"].Command {
		name, _, _ := strings.Cut(strings.TrimPrefix(one, "--"), "=")
		if !known[name] {
			t.Errorf("compose.yaml names %s", one)
		}
	}
	// The desk writes into its home folder, and all else cannot be written.
	written := slices.IndexFunc(compose.Services["desk"].Volumes, func(v string) bool {
		name, folder, _ := strings.Cut(v, ":")
		_, there := compose.Volumes[name]
		return there && folder == compose.Services["desk"].Environment["HANDBACK_HOME"]
	})
	if written < 0 {
		t.Error("compose.yaml has no volume for the home folder")
	}
	for service, one := range compose.Services {
		for _, name := range one.Secrets {
			if compose.Secrets[name].File == "" {
				t.Errorf("%s has a secret %s that there is not", service, name)
			}
		}
	}
}
