package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"handback/app/apptest"
)

// answers is the script command answers STATUS TYPE TEXT: starts a server, $SERVER, that
// always gives this answer.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", args[1])
		w.WriteHeader(status)
		_, _ = io.WriteString(w, args[2])
	}))
	ts.Defer(server.Close)
	ts.Setenv("SERVER", server.URL)
}

// F92: a name has an IPv6 address that accepts connections and never answers, and an IPv4
// address that answers.
func TestANameWithASilentAddressIsReachedAtItsOther(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("only root can give a name another address, by a mount namespace of Linux")
	}
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(filepath.Join("testdata", "cases", "08-ipv6-silent"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HANDBACK_HOME", filepath.Join(work, "home"))
	t.Setenv(overheardIn, t.TempDir())

	var silent, served atomic.Int32
	v4, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(v4.Addr().String())
	v6, err := net.Listen("tcp", "[::1]:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer v6.Close()
	go func() {
		for {
			conn, err := v6.Accept()
			if err != nil {
				return
			}
			silent.Add(1)
			defer conn.Close()
		}
	}()
	certificate, authority := selfSigned(t, "The vendor", "localhost")
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served.Add(1)
		_, _ = io.WriteString(w, "license_deactivated")
	})}
	defer server.Close()
	go func() {
		_ = server.Serve(tls.NewListener(v4, &tls.Config{Certificates: []tls.Certificate{certificate}}))
	}()

	profile, err := os.ReadFile(filepath.Join(work, "p.toml"))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)-----BEGIN.*-----\n`).ReplaceAllLiteralString(string(profile), authority) // the certificate among the cases is valid for one month only
	text = strings.Replace(text, "18443", port, 1)
	apptest.Write(t, filepath.Join(work, "p.toml"), text)
	cmd := exec.Command("unshare", "-m", "sh", "-c",
		"mount --make-rprivate / && mount --bind hosts /etc/hosts && exec handback submit good.req --profile p.toml --secret-file key.txt")
	cmd.Dir = work
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Released") || served.Load() != 1 || silent.Load() != 1 {
		t.Errorf("%v after %v; %d silent, %d served:\n%s", err, time.Since(began), silent.Load(), served.Load(), out)
	}
}

// selfSigned returns a certificate of an organization for some names and addresses, with
// its key, which may sign others. It also returns it as PEM text.
func selfSigned(t *testing.T, organization string, names ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{organization}}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			made.IPAddresses = append(made.IPAddresses, ip)
		} else {
			made.DNSNames = append(made.DNSNames, name)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, made, made, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key},
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}
