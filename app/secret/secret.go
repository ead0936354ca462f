// Package secret holds the shared key, or under OAuth the client secret, in a
// value that cannot be printed, and reads it from where it may come from.
package secret

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"

	"handback/app/fault"
)

// Redacted stands wherever a secret would have been printed.
const Redacted = "[redacted]"

// maxBytes bounds a secret file. The vendor's keys have some forty characters.
const maxBytes = 4096

// ErrNone says that no secret was given where one is needed.
var ErrNone = fault.New(fault.Secret, "secret.none")

// ErrUnfit says that a text cannot be meant as a key as it stands.
var ErrUnfit = fault.New(fault.Secret, "secret.unfit")

// Secret is a key that no verb, encoder or logger prints: its bytes are held
// by a closure, which reflection cannot look into. The zero value holds none.
type Secret struct {
	reveal func() []byte
}

// New keeps a copy of the key. An empty key is no secret.
func New(key []byte) Secret {
	if len(key) == 0 {
		return Secret{}
	}
	kept := bytes.Clone(key)
	return Secret{reveal: func() []byte { return kept }}
}

// IsZero tells whether there is no secret.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal tells whether two are the same key, or both none.
func (s Secret) Equal(other Secret) bool {
	if s.IsZero() || other.IsZero() {
		return s.IsZero() && other.IsZero()
	}
	return hmac.Equal(s.reveal(), other.reveal())
}

// HMAC is the HMAC-SHA256 of a message under this key. It panics without one:
// a signature under the empty key must never be made.
func (s Secret) HMAC(message []byte) []byte {
	mac := hmac.New(sha256.New, s.reveal())
	mac.Write(message)
	return mac.Sum(nil)
}

// Reveal gives the key itself, for the one place that has to send it: the
// token request of OAuth.
func (s Secret) Reveal() string { return string(s.reveal()) }

// String, and the methods below, answer every way of printing or encoding.
func (s Secret) String() string { return Redacted }

// Format answers every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// LogValue answers log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON answers encoding/json.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText answers encoding/xml, TOML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// GobEncode answers encoding/gob.
func (s Secret) GobEncode() ([]byte, error) { return []byte(Redacted), nil }

// FromFile reads a secret file: one final line end is cut, nothing else. It
// refuses an empty file, one of several lines, and what cannot be meant as a key. Open tells, where the system
// has permissions, that others can read the file too: worth a warning.
func FromFile(path string) (s Secret, open bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return Secret{}, false, fault.New(fault.Secret, "secret.file_unreadable", "path", path).Because(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Secret{}, false, fault.New(fault.Secret, "secret.file_unreadable", "path", path).Because(err)
	}
	s, err = From(file, path)
	return s, runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0, err
}

// From reads a secret from a stream under the rules of FromFile; name says
// where it comes from in an error.
func From(r io.Reader, name string) (Secret, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+3)) // a line end, and one byte to tell
	if err != nil {
		return Secret{}, fault.New(fault.Secret, "secret.file_unreadable", "path", name).Because(err)
	}
	line, found := bytes.CutSuffix(text, []byte("\n"))
	if found {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	switch {
	case len(line) == 0:
		return Secret{}, fault.New(fault.Secret, "secret.empty", "path", name)
	case len(line) > maxBytes:
		return Secret{}, fault.New(fault.Secret, "secret.too_long", "path", name, "limit", maxBytes)
	case bytes.ContainsAny(line, "\r\n"):
		return Secret{}, fault.New(fault.Secret, "secret.several_lines", "path", name)
	}
	if why := unfit(string(line)); why != nil {
		return Secret{}, fault.New(fault.Secret, "secret.file_unfit", "path", name, "why", *why)
	}
	return New(line), nil
}

// Typed makes a secret of what a person typed or pasted. It fails with ErrUnfit.
func Typed(text []byte) (Secret, error) {
	s := New(text)
	if err := Check(s); err != nil {
		return Secret{}, err
	}
	return s, nil
}

// Check refuses a secret that cannot be meant as a key as it stands, with ErrUnfit.
func Check(s Secret) error {
	if s.IsZero() {
		return nil
	}
	if why := unfit(s.Reveal()); why != nil {
		return fault.New(fault.Secret, ErrUnfit.Key, "why", *why)
	}
	return nil
}
