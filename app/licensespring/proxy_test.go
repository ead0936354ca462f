package licensespring

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"handback/app/request"
	"handback/app/words"
)

// F76
func TestAProxyAddressThatCannotBeUsedStopsTheRequest(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	bad := []string{"http://[::1", "http://desk:proxy-password@[: no", ":", ":3128", "http://", "http://:3128", "http://proxy:", "http://proxy:x",
		"http://proxy:0", "http://proxy:65536", "http://proxy:3128:1", "ftp://proxy:21", "socks4://proxy:1080", "socks://proxy",
		"http:/proxy:3128", "http//proxy:3128", "http://proxy/proxy.pac", "http://proxy?x", "http://proxy#x", "http://a b:1", `"http://proxy:3128"`,
		"http:\\\\proxy", "%"}
	for _, name := range proxyVariables {
		for _, value := range bad {
			for _, variable := range []string{name, strings.ToLower(name)} {
				t.Run(variable+" "+value, func(t *testing.T) {
					withoutProxies(t)
					t.Setenv(variable, value)
					c := client("https://license.example")
					c.Rate = 1000
					a := submit(t, c)
					fails(t, a, request.NotSent, "answer.proxy_address")
					message, _ := a.Explain(words.English())
					if !strings.Contains(message, "variable "+name) || strings.Contains(a.Err.Error(), "proxy-password") {
						t.Errorf("got %v", message)
					}
				})
			}
		}
	}
	withoutProxies(t)
	t.Setenv("HTTPS_PROXY", "http://[::1")
	if a := submit(t, client(server.URL)); a.Outcome != request.Released {
		t.Errorf("on this computer there is no proxy: %+v", a)
	}
}

// withoutProxies clears the variables that may be set where the tests run.
func withoutProxies(t *testing.T) {
	t.Helper()
	for _, name := range append([]string{"NO_PROXY"}, proxyVariables...) {
		t.Setenv(name, "")
		t.Setenv(strings.ToLower(name), "")
	}
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestTheEnvironmentsProxyIsUsed(t *testing.T) {
	for want, env := range map[string]func(string) string{
		"http://proxy:3128":           environment("HTTPS_PROXY", "http://proxy:3128"),
		"http://proxy:3129":           environment("https_proxy", " proxy:3129 "),
		"http://10.0.0.1:8080":        environment("HTTPS_PROXY", "10.0.0.1:8080", "https_proxy", "http://other"),
		"https://desk:word@proxy:443": environment("HTTPS_PROXY", "https://desk:word@proxy:443", "ALL_PROXY", "http://other"),
		"socks5://proxy:1080":         environment("ALL_PROXY", "socks5://proxy:1080"),
		"socks5h://proxy":             environment("all_proxy", "socks5h://proxy", "HTTP_PROXY", "http://other/"),
		"http://[2001:db8::1]:3128/":  environment("HTTPS_PROXY", "http://[2001:db8::1]:3128/"),
		"":                            environment("HTTP_PROXY", "http://for.http.alone"),
	} {
		got, err := environmentProxy(mustParse(t, DefaultEndpoint), env)
		if err != nil || want == "" && got != nil || want != "" && (got == nil || got.String() != want) {
			t.Errorf("got %v, %v; want %q", got, err, want)
		}
	}
}

func TestNoProxyIsReadAsNetHTTPReadsIt(t *testing.T) {
	lists := []string{"", "*", "a.example", ".a.example", "*.a.example", "b.a.example", "A.EXAMPLE, x", "x,,a.example", "a.example:443", "a.example:8443",
		".a.example:8443", "example", "le", "192.0.2.7", "192.0.2.7:8443", "192.0.2.0/24", "192.0.2.0/30", "2001:db8::7", "[2001:db8::7]:443",
		"[2001:db8::7]:1", "2001:db8::/32", ":443", ".", "*.", "localhost", " ", "a.example.", "192.0.2.*"}
	addresses := []string{"https://a.example", "https://b.a.example", "https://xa.example", "https://a.example:8443", "https://A.Example", "https://a.example.",
		"https://192.0.2.7", "https://192.0.2.7:8443", "https://[2001:db8::7]", "https://[::ffff:192.0.2.7]", "https://localhost", "https://127.1.2.3", "https://[::1]"}
	for _, list := range lists {
		for _, address := range addresses {
			u := mustParse(t, address)
			theirs, err := (&httpproxy.Config{HTTPSProxy: "http://proxy", NoProxy: list}).ProxyFunc()(u)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := environmentProxy(u, environment("HTTPS_PROXY", "http://proxy", "NO_PROXY", list))
			if err != nil || text(ours) != text(theirs) {
				t.Errorf("NO_PROXY=%q, %s: got %q, %v; net/http has %q", list, address, text(ours), err, text(theirs))
			}
		}
	}
}

func text(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.String()
}
