// Package secret stores the shared key, or the OAuth client secret, in a value that
// cannot be printed by accident, and reads it from where it may come from.
//
// A [Secret] comes from [FromFile], from [Load], which asks the system's keyring, or from
// [Typed]. It signs with [Secret.HMAC], and prints, logs and encodes as [Redacted].
// [Check] refuses a text that is obviously not a key, before anything is signed with it.
package secret

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"

	"handback/app/fault"
)

// Redacted is printed in place of every secret.
const Redacted = "[redacted]"

// maxBytes limits a secret file. The vendor's keys have about forty characters.
const maxBytes = 4096

// ErrNone means that a secret is needed and none was given.
var ErrNone = fault.New(fault.Secret, "secret.none")

// ErrUnfit means that a text is obviously not a key.
var ErrUnfit = fault.New(fault.Secret, "secret.unfit")

// Secret is a key that no formatting verb, encoder or logger prints: its bytes are in a
// closure, which reflection cannot inspect. The zero value has no key.
type Secret struct {
	reveal func() []byte
}

// New returns a secret with a copy of the key. An empty key returns the zero value.
func New(key []byte) Secret {
	if len(key) == 0 {
		return Secret{}
	}
	clone := bytes.Clone(key)
	return Secret{reveal: func() []byte { return clone }}
}

// IsZero reports whether there is no key.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal reports whether two secrets have the same key, or both have none.
func (s Secret) Equal(other Secret) bool {
	if s.IsZero() || other.IsZero() {
		return s.IsZero() && other.IsZero()
	}
	return hmac.Equal(s.reveal(), other.reveal())
}

// HMAC returns the HMAC-SHA256 of a message. It panics without a key, because nothing may
// be signed with an empty one.
func (s Secret) HMAC(message []byte) []byte {
	mac := hmac.New(sha256.New, s.reveal())
	mac.Write(message)
	return mac.Sum(nil)
}

// Reveal returns the key itself, for the one place that has to send it: the OAuth token
// request.
func (s Secret) Reveal() string { return string(s.reveal()) }

// String returns [Redacted], as all methods below do for their ways of printing or
// encoding.
func (s Secret) String() string { return Redacted }

// Format implements fmt.Formatter, for all verbs.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalJSON implements json.Marshaler, for logs too: log/slog asks it, or MarshalText.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler, for XML, TOML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// GobEncode implements gob.GobEncoder.
func (s Secret) GobEncode() ([]byte, error) { return []byte(Redacted), nil }

// FromFile reads a secret from a file, without one line end if it ends in one. It refuses
// an empty file, several lines, and a text that is obviously not a key. open reports
// whether others can read the file too, on systems with permissions, which is worth a
// warning.
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

// From reads a secret from a stream under the rules of [FromFile]. name says in errors
// where it comes from.
func From(r io.Reader, name string) (Secret, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+3)) // room for a line end, and one byte to detect that it is too long
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

// Typed returns the secret that a person typed or pasted. It fails with [ErrUnfit].
func Typed(text []byte) (Secret, error) {
	s := New(text)
	if err := Check(s); err != nil {
		return Secret{}, err
	}
	return s, nil
}

// Check fails with [ErrUnfit] if a secret is obviously not a key.
func Check(s Secret) error {
	if s.IsZero() {
		return nil
	}
	if why := unfit(s.Reveal()); why != nil {
		return ErrUnfit.With("why", *why)
	}
	return nil
}
