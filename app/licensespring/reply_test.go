package licensespring

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/words"
)

func TestAFloodIsCutAt64KiB(t *testing.T) { // F57
	written := 0
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		defer close(done)
		block := bytes.Repeat([]byte("a"), 1<<16)
		for written < 1<<30 {
			n, err := w.Write(block)
			if written += n; err != nil {
				return
			}
		}
	}))
	defer server.Close()
	fails(t, submit(t, client(server.URL)), request.Unknown, "answer.too_long")
	if <-done; written > 1<<26 {
		t.Errorf("%d bytes were taken", written)
	}
}

// F76: the rest of a reply that was cut might change its meaning.
func TestAReplyThatWasCutIsNoAnswer(t *testing.T) {
	blanks := strings.Repeat(" ", maxReply)
	for _, tt := range []struct {
		status int
		text   string
	}{
		{200, "license_deactivated" + blanks},
		{200, `"license_deactivated"` + blanks},
		{200, "license_deactivated" + strings.Repeat("\n", maxReply)},
		{200, blanks + "license_deactivated"},
		{400, `{"status":400,"code":"device_not_found","message":"x"}` + blanks},
		{400, `{"status":400,"code":"teapot","message":"x"}` + blanks},
		{407, blanks + "x"},
		{429, blanks + "x"},
	} {
		for _, again := range []bool{false, true} {
			server := record(t, func(w http.ResponseWriter, _ int) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.text)
			})
			a := client(server.URL).Submit(t.Context(), body, again)
			checkWords(t, a)
			fails(t, a, request.Unknown, "answer.too_long")
			if a.Status != tt.status || len(server.posts()) != 1 || !strings.HasPrefix(strings.TrimSpace(tt.text), a.Message) {
				t.Errorf("%d %.40q: got %+v after %d posts", tt.status, tt.text, a, len(server.posts()))
			}
		}
	}
	full := record(t, reply200("license_deactivated"+blanks[len("license_deactivated"):]))
	if a := submit(t, client(full.URL)); a.Outcome != request.Released {
		t.Errorf("a reply of just %d bytes: got %+v", maxReply, a)
	}
}

func TestATokenOfAReplyThatWasCutIsNotUsed(t *testing.T) { // F76
	blanks := strings.Repeat(" ", maxReply)
	for _, tt := range []struct {
		status int
		text   string
	}{
		{200, `{"access_token":"a","expires_in":480,"token_type":"Bearer"}`},
		{401, `{"error":"invalid_client"}`},
	} {
		c, requests, _ := oauth(t, reply200("license_deactivated"), func(w http.ResponseWriter, _ int) {
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, tt.text+blanks)
		})
		fails(t, submit(t, c), request.NotSent, "answer.token_unreadable")
		if n := len(requests.posts()); n != 0 {
			t.Errorf("%d requests", n)
		}
	}
}

// packed compresses a text by one of the codings of HTTP.
func packed(t *testing.T, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare":
		w, _ = flate.NewWriter(&b, flate.BestCompression)
	}
	_, _ = io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// F91: an answer counts in whatever form the server sent it.
func TestAnAnswerIsReadInAnyFormThatAServerGivesItUnasked(t *testing.T) {
	const refusal = `{"status":400,"code":"license_not_found","message":"nö"}`
	forms := map[string]func(text string) (coding, body string){
		"gzip":              func(text string) (string, string) { return "gzip", packed(t, "gzip", text) },
		"x-gzip":            func(text string) (string, string) { return "X-GZIP", packed(t, "gzip", text) },
		"gzip without name": func(text string) (string, string) { return "", packed(t, "gzip", text) },
		"unpacked, named":   func(text string) (string, string) { return "gzip", text },
		"deflate":           func(text string) (string, string) { return "deflate", packed(t, "deflate", text) },
		"deflate, bare":     func(text string) (string, string) { return "deflate", packed(t, "bare", text) },
		"identity":          func(text string) (string, string) { return "identity", text },
		"a mark":            func(text string) (string, string) { return "", "\uFEFF" + text },
		"gzip and a mark":   func(text string) (string, string) { return "gzip", packed(t, "gzip", "\uFEFF"+text) },
		"UTF-16, little":    func(text string) (string, string) { return "", apptest.UTF16(binary.LittleEndian, text) },
		"UTF-16, big":       func(text string) (string, string) { return "", apptest.UTF16(binary.BigEndian, text) },
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			for text, outcome := range map[string]request.State{"license_deactivated": request.Released, `"license_deactivated"`: request.Released, refusal: request.Refused, "ok": request.Unknown} {
				coding, written := form(text)
				server := record(t, func(w http.ResponseWriter, _ int) {
					if coding != "" {
						w.Header().Set("Content-Encoding", coding)
					}
					if outcome == request.Refused {
						w.WriteHeader(400)
					}
					_, _ = io.WriteString(w, written)
				})
				a := submit(t, client(server.URL))
				if a.Outcome != outcome || outcome == request.Refused && (a.Code != "license_not_found" || a.Message != "nö") {
					t.Errorf("%s: got %+v", text, a)
				}
			}
		})
	}
}

func TestACompressedAnswerIsReadWithinBoundsOrNotAtAll(t *testing.T) { // F57, F91
	bomb := packed(t, "gzip", strings.Repeat(" ", 8<<20))
	word := packed(t, "gzip", "license_deactivated")
	broken := []byte(word)
	broken[len(broken)-5] ^= 1 // in its checksum
	for _, tt := range []struct {
		name, coding, body, key, says string
	}{
		{"a bomb", "gzip", bomb, "answer.too_long", "64 KiB"},
		{"blanks beyond the bound", "gzip", packed(t, "gzip", "license_deactivated"+strings.Repeat(" ", maxReply)), "answer.too_long", "64 KiB"},
		{"long as it came", "gzip", word + strings.Repeat("x", maxReply), "answer.too_long", "64 KiB"},
		{"cut", "gzip", word[:len(word)-1], "answer.not_unpacked", "(gzip)"},
		{"its head alone", "", word[:3], "answer.not_unpacked", "(gzip)"},
		{"with a wrong checksum", "gzip", string(broken), "answer.not_unpacked", "(gzip)"},
		{"with something behind it", "gzip", word + "x", "answer.not_unpacked", "(gzip)"},
		{"deflate, cut", "deflate", packed(t, "deflate", "license_deactivated")[:20], "answer.not_unpacked", "(deflate)"},
		{"another coding", "br", "\x0b\x09\x80license_deactivated\x03", "answer.not_unpacked", "(br)"},
		{"an odd half", "", "\xFF\xFEl\x00i", "answer.not_understood", "status 200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address, _ := accept(t, script(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s",
				tt.coding, len(tt.body), tt.body)))
			a := submit(t, client("http://"+address))
			fails(t, a, request.Unknown, tt.key)
			if message, _ := a.Explain(words.English()); !strings.Contains(message, tt.says) {
				t.Errorf("want %q in %q", tt.says, message)
			}
		})
	}
}

// F91: support needs the reply's text to tell what is wrong.
func TestAnAnswerThatIsNotUnderstoodIsShown(t *testing.T) {
	for _, tt := range []struct {
		status int
		text   string
		shown  string
	}{
		{400, `{"hardware_id":["This field is required."]}`, `{"hardware_id":["This field is required."]}`},
		{400, "bad request", "bad request"},
		{400, `{"code":"teapot","detail":"short"}`, `{"code":"teapot","detail":"short"}`},
		{400, `{"code":"device_not_found"}`, ""},
		{200, "ok\x1b[31m\u202e", `ok\u{1B}[31m\u{202E}`},
		{200, strings.Repeat("x", 600), strings.Repeat("x", 500) + "…"},
		{200, "\xff\xfa", `\u{FFFD}\u{FFFD}`},
		{200, "<html><head><title>Guest\n network</title><style>p{}</style><script>go()</script></head><body><!-- - --><p>Log in &amp; pay</html>", "Guest network Log in & pay"},
		{200, "<html></html>", "<html></html>"},
		{403, "<h1>Blocked</h1> by <b>policy</b> 7", "Blocked by policy 7"},
		{413, "<title>413 Request Entity Too Large</title>", "413 Request Entity Too Large"},
		{503, "no upstream", "no upstream"},
		{302, "moved to https://login.example/?session=1", ""},
		{407, "NTLM only", "NTLM only"},
		{429, "Too Many Requests", "Too Many Requests"},
	} {
		server := record(t, func(w http.ResponseWriter, _ int) {
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, tt.text)
		})
		if a := submit(t, client(server.URL)); a.Message != tt.shown {
			t.Errorf("%d %.40q: shown is %q, want %q", tt.status, tt.text, a.Message, tt.shown)
		}
	}
}

func TestOnlyAPageOfSuccessIsCalledALoginPage(t *testing.T) { // F91
	for status, login := range map[int]bool{200: true, 400: false, 401: false, 405: false, 411: false, 413: false, 414: false, 431: false, 451: false} {
		server := record(t, func(w http.ResponseWriter, _ int) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>no</html>")
		})
		message, advice := submit(t, client(server.URL)).Explain(words.English())
		if got := strings.Contains(message+advice, "log in"); got != login {
			t.Errorf("%d: %s. %s", status, message, advice)
		}
	}
}

func TestWhatAServerRepeatsOfTheAuthorizationIsNotShownInAnyForm(t *testing.T) { // F81
	for name, escape := range map[string]func(string) string{
		"plain": func(s string) string { return s },
		"PHP":   func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
		"JSON":  func(s string) string { return strings.NewReplacer("=", `\u003d`, "+", `\u002B`).Replace(s) },
		"page":  func(s string) string { return "<p>" + strings.NewReplacer("=", "&#61;", "+", "&#x2b;").Replace(s) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, signature, _ := strings.Cut(r.Header.Get("Authorization"), `signature="`)
			signature, _, _ = strings.Cut(signature, `"`)
			w.WriteHeader(400)
			_, _ = io.WriteString(w, escape(signature))
		}))
		defer server.Close()
		if a := submit(t, client(server.URL)); a.Message != "[redacted]" {
			t.Errorf("%s: message %q", name, a.Message)
		}
	}
}
