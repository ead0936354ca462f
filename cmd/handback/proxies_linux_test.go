package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

// proxyPassword is the password of all proxies here. No output may contain it.
const proxyPassword = "canary-proxy-password-81d4fae7dec1"

// The names by which the API is reached. Handback goes to this computer without a proxy, and
// knows neither as this computer. Squid looks up names in a file of its own; tinyproxy cannot,
// but takes 0.0.0.0, which Linux connects to this computer.
const (
	apiName    = "license.test"
	apiAddress = "0.0.0.0"
)

// api is a License API behind a proxy. It counts the requests that it processes.
type api struct {
	*httptest.Server
	answers string // "cut" cuts the connection instead, "half" breaks off, "never" waits
	box     *sandbox.Sandbox
	posts   atomic.Int32
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		a.box.ServeHTTP(w, r)
		return
	}
	a.posts.Add(1)
	if a.answers == "" {
		a.box.ServeHTTP(w, r)
		return
	}
	a.box.ServeHTTP(httptest.NewRecorder(), r)
	switch a.answers {
	case "half":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "license_deac")
	case "never":
		<-r.Context().Done()
	default:
		cut(w)
	}
}

func (a *api) port() string {
	_, port, _ := net.SplitHostPort(a.Listener.Addr().String())
	return port
}

// road is how a request goes to the API.
type road struct {
	folder   string // for the files of its programs
	api      *api
	trusted  string // certificates, PEM
	proxy    string // HTTPS_PROXY
	endpoint string
}

// F47, F48: real proxies and a real gateway, each on its own.
func TestRealProxiesAndGatewaysAreUnderstood(t *testing.T) {
	const released, notSent, unknown = request.Released, request.NotSent, request.Unknown
	const (
		uncertain       = "not certain whether the license was released"
		asksForPassword = `127\.0\.0\.1:\d+ asks for a user name and a password \(status 407\).*Nothing was submitted`
	)
	for _, one := range []struct {
		name    string
		lay     func(*testing.T, *road)
		answers string // see api
		outcome request.State
		posts   int    // that reach the API
		says    string // message and advice
		test    string // profile test, among other things
	}{
		{"tinyproxy", tinyproxy(""), "", released, 1, "", `(?m)^ok      proxy: 127\.0\.0\.1:\d+ connects\n.*\nok      .*: .*O=The vendor`},
		{"tinyproxy, the answer is lost", tinyproxy(""), "cut", unknown, 1, uncertain, ""},
		{"tinyproxy, no password", withoutPassword(tinyproxy(basic)), "", notSent, 0, asksForPassword, `(?m)^not ok  proxy: .*407.*\n .*HTTPS_PROXY`},
		{"tinyproxy, with its password", tinyproxy(basic), "", released, 1, "", `(?m)^ok      proxy: `},
		{"tinyproxy, other ports", tinyproxy("ConnectPort 443\n"), "", notSent, 0, `did not connect \(status 403\).*Nothing was submitted`, `(?m)^not ok  proxy: .*403.*\n .*administrator`},
		{"tinyproxy, no API", absent(tinyproxy("")), "", notSent, 0, `did not connect \(status 500\).*Nothing was submitted`, `(?m)^not ok  proxy: .*500`},

		{"squid, no password", withoutPassword(squid), "", notSent, 0, asksForPassword, `(?m)^not ok  proxy: .*407.*\n .*HTTPS_PROXY`},
		{"squid, a wrong password", wrongPassword(squid), "", notSent, 0, asksForPassword, `(?m)^not ok  proxy: .*407`},
		{"squid, with its password", squid, "", released, 1, "", `(?m)^ok      proxy: 127\.0\.0\.1:\d+ connects\n.*\nok      .*: .*O=The vendor`},
		{"squid, the answer is lost", squid, "cut", unknown, 1, uncertain, ""},
		{"squid, no API", absent(squid), "", notSent, 0, `did not connect \(status 503\).*Nothing was submitted`, `(?m)^not ok  proxy: .*503`},

		{"inspection, not trusted", inspected(false, ""), "", notSent, 0, `O=Acme inspects.*Nothing was submitted.*inspects connections`, `(?m)^not ok  .*O=Acme inspects.*\n .*server\.extra_ca`},
		{"inspection, trusted", inspected(true, ""), "", released, 1, "", `(?m)^ok      .*: .*O=Acme inspects`},
		{"inspection, the answer is lost", inspected(true, ""), "cut", unknown, 1, uncertain, ""},
		{"inspection, no API", absent(inspected(true, "")), "", unknown, 0, uncertain, ""},
		{"inspection, no POST", inspected(true, "acl sends method POST\nhttp_access deny sends\n"), "", unknown, 0, "status 403.*" + uncertain, ""},

		{"nginx", nginx("proxy_pass $api;"), "", released, 1, "", "(?m)^ok      .*the License API accepts them"},
		{"nginx delays", nginx("limit_req zone=all burst=10; proxy_pass $api;"), "", released, 1, "", "(?m)^ok      .*the License API accepts them"},
		{"nginx gives up", nginx("proxy_read_timeout 1s; proxy_pass $api;"), "never", unknown, 1, "status 504.*" + uncertain, ""},
		{"nginx cuts", nginx("return 444;"), "", unknown, 0, uncertain, "(?m)^not ok  endpoint: "},
		{"nginx cuts the answer", nginx("proxy_pass $api;"), "half", unknown, 1, uncertain, ""},
		{"nginx answers a page", nginx("default_type text/html; return 200 '<html><title>Guests</title>Log in</html>';"), "", unknown, 0, "Log in.*" + uncertain, "(?m)^not ok  endpoint: "},
		{"nginx has lost the answer", nginx("proxy_pass $api;"), "cut", unknown, 1, "status 502.*" + uncertain, ""},
		{"nginx finds it too long", nginx("client_max_body_size 10; proxy_pass $api;"), "", unknown, 0, "status 413.*" + uncertain, ""},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			r := newRoad(t, one.answers)
			one.lay(t, r)
			travel(t, r, one.outcome, one.posts, one.says, one.test)
		})
	}
}

// newRoad returns a road to an API, over https, without a proxy.
func newRoad(t *testing.T, answers string) *road {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apptest.APIKey, Secret: secret.New([]byte(canary)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	a := &api{answers: answers, box: box}
	a.Server = httptest.NewUnstartedServer(a)
	certificate, trusted := selfSigned(t, "The vendor", apiName, apiAddress)
	a.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	a.StartTLS()
	t.Cleanup(a.Close)
	return &road{folder: t.TempDir(), api: a, trusted: trusted, endpoint: "https://" + net.JoinHostPort(apiName, a.port())}
}

// travel submits a request and tests the profile on a road, and checks what is said of both.
func travel(t *testing.T, r *road, outcome request.State, posts int, says, test string) {
	t.Helper()
	folder, printed := t.TempDir(), t.TempDir()
	d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: apptest.LicenseKey, HardwareID: apptest.HardwareID}
	d.RequestID = d.NewID()
	made, err := request.Make(d, time.Now, secret.New([]byte(canary)))
	if err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, filepath.Join(folder, "a.req"), made.Encode())
	apptest.Write(t, filepath.Join(folder, "key.txt"), canary)
	apptest.Write(t, filepath.Join(folder, "p.toml"), fmt.Sprintf("name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '%s'\n"+
		"server.endpoint = '%s'\nserver.extra_ca = '''\n%s'''\n", apptest.APIKey, r.endpoint, r.trusted))
	given := snapshot(folder)
	handback := func(args ...string) (status int, out string) {
		cmd := exec.CommandContext(t.Context(), "handback", append(args, "--secret-file", "key.txt")...)
		cmd.Dir = folder
		cmd.Env = append(withoutProxies(os.Environ()), "HANDBACK_HOME="+filepath.Join(folder, "home"), overheardIn+"="+printed, "HTTPS_PROXY="+r.proxy)
		var said, problems bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &problems
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if problems.Len() > 0 {
			t.Logf("%s", &problems)
		}
		return cmd.ProcessState.ExitCode(), said.String()
	}
	if test != "" {
		status, out := handback("profile", "test", "p.toml")
		if !regexp.MustCompile(test).MatchString(out) || (status == 0) != (outcome == request.Released || !strings.Contains(out, "not ok")) {
			t.Errorf("profile test ends with %d and says:\n%s", status, out)
		}
	}
	status, out := handback("submit", "a.req", "--profile", "p.toml", "--json")
	var got struct {
		Outcome request.State `json:"outcome"`
		Message string        `json:"message"`
		Advice  string        `json:"advice"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := map[request.State]int{request.NotSent: fault.Connection.ExitStatus(), request.Unknown: fault.Unknown.ExitStatus()}[outcome]
	if got.Outcome != outcome || status != want || !regexp.MustCompile(says).MatchString(got.Message+" "+got.Advice) {
		t.Errorf("exit status %d, want %d: %s", status, want, out)
	}
	if got := int(r.api.posts.Load()); got != posts {
		t.Errorf("%d requests reached the API, want %d", got, posts)
	}
	for _, secret := range []string{canary, proxyPassword} {
		holdsNot(t, printed, secret, nil)
		holdsNot(t, folder, secret, given)
	}
}

// withoutProxies returns an environment without the proxies of whoever runs the tests.
func withoutProxies(environment []string) (rest []string) {
	for _, one := range environment {
		name, _, _ := strings.Cut(one, "=")
		if !strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			rest = append(rest, one)
		}
	}
	return rest
}

// daemon returns the path of a server by another author. On Debian it has to be there; it is
// among the packages that make need-test installs.
func daemon(t *testing.T, name, debianPackage string) (path string) {
	t.Helper()
	for _, one := range []string{name, filepath.Join("/usr/sbin", name)} {
		if path, err := exec.LookPath(one); err == nil {
			return path
		}
	}
	if _, err := os.Stat("/etc/debian_version"); err == nil {
		t.Fatalf("%s is missing: install Debian's package %s (make need-test)", name, debianPackage)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// serve starts a server on a free port, which settings write into its configuration, and
// returns its address once it accepts connections. It ends with the test.
func serve(t *testing.T, settings func(port string) (path string, args []string)) (address string) {
	t.Helper()
	var said bytes.Buffer
	for range 3 { // another program may take the port first
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address = listener.Addr().String()
		_ = listener.Close()
		_, port, _ := net.SplitHostPort(address)
		path, args := settings(port)
		cmd := exec.Command(path, args...)
		said.Reset()
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			conn, err := net.Dial("tcp", address)
			if err == nil {
				_ = conn.Close()
				t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
				return address
			}
			select {
			case <-ended:
				deadline = time.Time{}
			default:
			}
		}
		_ = cmd.Process.Kill()
		<-ended
	}
	t.Fatalf("it does not listen: %s", &said)
	return ""
}

// file writes a file of a server, which may run as another user.
func (r *road) file(t *testing.T, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(r.folder, name)
	apptest.Write(t, path, text)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const basic = "BasicAuth desk " + proxyPassword + "\n"

// tinyproxy lays a road through tinyproxy with some more settings.
func tinyproxy(settings string) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		program := daemon(t, "tinyproxy", "tinyproxy-bin")
		address := serve(t, func(port string) (string, []string) {
			return program, []string{"-d", "-c", r.file(t, "tinyproxy.conf", "Listen 127.0.0.1\nPort "+port+"\nTimeout 60\nLogLevel Warning\n"+settings)}
		})
		r.proxy = "http://desk:" + proxyPassword + "@" + address
		r.endpoint = "https://" + net.JoinHostPort(apiAddress, r.api.port())
	}
}

// withoutPassword lays a road whose proxy is given no password.
func withoutPassword(lay func(*testing.T, *road)) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		lay(t, r)
		u, err := url.Parse(r.proxy)
		if err != nil {
			t.Fatal(err)
		}
		r.proxy = "http://" + u.Host
	}
}

// absent lays a road to an API that is not running.
func absent(lay func(*testing.T, *road)) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		lay(t, r)
		r.api.Close()
	}
}

// wrongPassword lays a road whose proxy is given another password.
func wrongPassword(lay func(*testing.T, *road)) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		lay(t, r)
		r.proxy = strings.Replace(r.proxy, proxyPassword, proxyPassword+"x", 1)
	}
}

// squid lays a road through squid with Basic authentication.
func squid(t *testing.T, r *road) {
	apptest.Tool(t, "openssl", "openssl")
	hash := run(t, proxyPassword, "openssl", "passwd", "-apr1", "-stdin")
	users := r.file(t, "users", "desk:"+hash)
	startSquid(t, r, "", "auth_param basic program /usr/lib/squid/basic_ncsa_auth "+users+`
acl known proxy_auth REQUIRED
http_access deny !known
`)
}

// inspected lays a road through squid that inspects TLS, with some more settings. The
// profile may trust its authority.
func inspected(trusted bool, settings string) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		daemon(t, "squid", "squid-openssl")
		authority, text := selfSigned(t, "Acme inspects")
		key, err := x509.MarshalPKCS8PrivateKey(authority.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		ca := r.file(t, "ca.pem", text+string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
		vendor := r.file(t, "vendor.pem", r.trusted)
		certificates := filepath.Join(r.folder, "certificates")
		run(t, "", "/usr/lib/squid/security_file_certgen", "-c", "-s", certificates, "-M", "4MB")
		run(t, "", "chmod", "-R", "a+rwX", certificates)
		startSquid(t, r, " ssl-bump generate-host-certificates=on tls-cert="+ca, settings+`
ssl_bump bump all
tls_outgoing_options cafile=`+vendor+`
sslcrtd_program /usr/lib/squid/security_file_certgen -s `+certificates+` -M 4MB
sslcrtd_children 1 startup=1
`)
		if trusted {
			r.trusted = text
		}
	}
}

// startSquid starts squid with some settings and uses it as the proxy. Started by root it
// runs as another user.
func startSquid(t *testing.T, r *road, port, settings string) {
	t.Helper()
	program := daemon(t, "squid", "squid-openssl")
	for _, folder := range []string{filepath.Dir(r.folder), r.folder} {
		if err := os.Chmod(folder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	hosts := r.file(t, "hosts", "127.0.0.1 "+apiName+"\n")
	r.proxy = "http://desk:" + proxyPassword + "@" + serve(t, func(listen string) (string, []string) {
		return program, []string{"-N", "-f", r.file(t, "squid.conf", "http_port 127.0.0.1:"+listen+port+"\n"+settings+
			"http_access allow all\ncache deny all\nhosts_file "+hosts+"\npid_filename none\npinger_enable off\nnetdb_filename none\n"+
			"coredump_dir "+r.folder+"\naccess_log none\ncache_log "+filepath.Join(r.folder, "cache.log")+"\n")}
	})
}

// nginx lays a road to nginx in front of the API, on this computer. The settings are those of
// its one location.
func nginx(location string) func(*testing.T, *road) {
	return func(t *testing.T, r *road) {
		program := daemon(t, "nginx", "nginx")
		vendor := r.file(t, "vendor.pem", r.trusted)
		r.endpoint = "http://" + serve(t, func(port string) (string, []string) {
			text := "daemon off; master_process off; pid " + filepath.Join(r.folder, "pid") + "; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"
			for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
				text += kind + "_temp_path " + filepath.Join(r.folder, kind) + ";\n"
			}
			text += "limit_req_zone all zone=all:1m rate=2r/s;\nproxy_ssl_trusted_certificate " + vendor + "; proxy_ssl_verify on; proxy_ssl_name " + apiName + ";\n" +
				"server { listen 127.0.0.1:" + port + "; location / { " + strings.Replace(location, "$api", r.api.URL, 1) + " } }\n}\n"
			return program, []string{"-c", r.file(t, "nginx.conf", text), "-p", r.folder}
		})
	}
}
