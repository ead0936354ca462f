package fault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"handback/app/words"
)

// fromTheSystem are errors as this system really gives them.
func fromTheSystem(t *testing.T) map[string]error {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "a.req")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { busy.Close() })
	closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	get := func(address string) error { _, err := http.Get(address); return err }
	past, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	_, missing := os.Open(filepath.Join(folder, "none"))
	_, long := os.Open(filepath.Join(folder, strings.Repeat("n", 5000)))
	_, below := os.Open(filepath.Join(file, "below"))
	_, dialed := net.Dial("tcp", closed.Addr().String())
	_, listened := net.Listen("tcp", busy.Addr().String())
	_, late := new(net.Dialer).DialContext(past, "tcp", busy.Addr().String())
	all := map[string]error{
		"reason.not_exist":             missing,
		"reason.exists":                os.Mkdir(file, 0o700),
		"reason.not_empty":             os.Remove(folder),
		"reason.name_long":             long,
		"reason.not_folder":            below,
		"reason.is_folder":             os.WriteFile(folder, nil, 0o600),
		"reason.refused":               dialed,
		"reason.address_used":          listened,
		"reason.timeout":               late,
		"reason.certificate_authority": get(secure.URL),
		"reason.not_tls":               get("https" + strings.TrimPrefix(plain.URL, "http")),
	}
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil { // Linux has it
		defer full.Close()
		_, all["reason.no_space"] = full.WriteString("x")
	}
	return all
}

// made are errors that a test cannot bring about, as they come from the libraries.
var made = map[string]error{
	"reason.permission":       &fs.PathError{Op: "open", Path: "a", Err: syscall.EACCES},
	"reason.read_only":        &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EROFS},
	"reason.io":               &fs.PathError{Op: "read", Path: "a", Err: syscall.EIO},
	"reason.unreachable":      &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)},
	"reason.reset":            &url.Error{Op: "Post", URL: "https://a", Err: &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}},
	"reason.no_host":          &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}},
	"reason.lookup":           &net.DNSError{Err: "server misbehaving", Name: "x", IsTemporary: true},
	"reason.timeout":          &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded},
	"reason.cancelled":        &url.Error{Op: "Post", URL: "https://a", Err: context.Canceled},
	"reason.ended":            fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", io.ErrUnexpectedEOF),
	"reason.certificate_host": x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a.example"}}, Host: "b.example"},
	"reason.certificate_time": &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired, Detail: "current time is after"}},
	"reason.certificate":      x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.TooManyIntermediates},
	"reason.tls":              &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")},
	"reason.base64":           base64.CorruptInputError(4),
	"reason.not_http":         errors.New(`malformed HTTP response "SSH-2.0-OpenSSH"`),
}

// F87: no reason of the system's stays English in a sentence of another language.
func TestTheReasonsOfTheSystemAreInThePersonsLanguage(t *testing.T) {
	type row struct {
		key string
		err error
	}
	var rows []row
	for _, all := range []map[string]error{fromTheSystem(t), made} {
		for key, err := range all {
			rows = append(rows, row{key, err})
		}
	}
	for _, one := range slices.Concat(systems, here) {
		for _, said := range one.says {
			rows = append(rows, row{one.key, &fs.PathError{Op: "open", Path: "a", Err: said}})
		}
	}
	// Windows has other reasons for these, which are told as they come.
	coarser := []string{"reason.not_empty", "reason.name_long", "reason.not_folder"}
	for _, row := range rows {
		if runtime.GOOS == "windows" && slices.Contains(coarser, row.key) {
			continue
		}
		if row.err == nil {
			t.Errorf("%s: no error came", row.key)
			continue
		}
		english := row.err.Error()
		last := english[strings.LastIndex(english, ": ")+1:]
		for _, language := range words.Languages() {
			w := words.For(language)
			got := Explain(New(Input, "durable.unreadable", "path", "a").Because(row.err), w).Message
			if want := w.Text(row.key, "names", "a.example"); !strings.HasSuffix(got, want) {
				t.Errorf("%s: %s is told in %s as %q, want %q", row.key, english, language, got, want)
			}
			if language != "en" && w.Translated(row.key) && (strings.Contains(got, last) || strings.Contains(got, words.English().Text(row.key))) {
				t.Errorf("%s: %q is English", row.key, got)
			}
		}
	}
}

func TestAFaultIsItsOwnReason(t *testing.T) {
	inner := New(Input, "reason.bits")
	if reason, known := Reason(inner); !known || !errors.Is(reason, inner) {
		t.Errorf("%v", reason)
	}
	if reason, known := Reason(errors.New("sunspots")); known || reason.Error() != "sunspots" {
		t.Errorf("%v, %v", reason, known)
	}
}
