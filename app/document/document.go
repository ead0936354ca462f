// Package document reads and writes text files that people can read, with a part for
// machines and a checksum over both. Handback stores and sends records and unsigned
// requests as such documents. The first line says what a document is, so that nobody
// takes it for a request:
//
//	HANDBACK RECORD 1
//	sha256 of what follows: …
//
//	text for people
//
//	-----BEGIN HANDBACK RECORD-----
//	text for machines
//	-----END HANDBACK RECORD-----
//
// [Kind.Write] returns a document, [Kind.Matches] recognizes one, and [Kind.Parts]
// returns both of its texts if the checksum is right.
package document

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"handback/app/fault"
)

// Kind is what a document is, as its first line says.
type Kind string

// The kinds.
const (
	Record   Kind = "RECORD"           // of one request, in the journal or as a receipt
	Unsigned Kind = "UNSIGNED REQUEST" // a request without date and signature
)

// version is that of the format of all kinds, in the first line.
const version = "1"

const sumPrefix = "sha256 of what follows: "

// Errors to compare with errors.Is.
var (
	// ErrDamaged means that a document has changed since it was written.
	ErrDamaged = fault.New(fault.Input, "document.damaged")
	// ErrContradicts means that a document's text for people does not belong to its text
	// for machines. The checksum covers both, but anybody can compute it.
	ErrContradicts = fault.New(fault.Input, "document.contradicts")
	// ErrNewer means that a document's format is a newer version's.
	ErrNewer = fault.New(fault.Input, "document.newer")
)

func (k Kind) magic() string { return "HANDBACK " + string(k) + " " }
func (k Kind) begin() string { return "-----BEGIN HANDBACK " + string(k) + "-----\n" }
func (k Kind) end() string   { return "-----END HANDBACK " + string(k) + "-----\n" }

// Matches reports whether a file begins as a document of this kind. It may be damaged.
func (k Kind) Matches(file []byte) bool { return strings.HasPrefix(text(file), k.magic()) }

// Write returns the document for a text for people and one for machines.
func (k Kind) Write(people, machine string) []byte {
	rest := "\n" + people + "\n" + k.begin() + machine + "\n" + k.end()
	return []byte(k.magic() + version + "\n" + sumPrefix + sum(rest) + "\n" + rest)
}

// Length returns the length in bytes of the document at the beginning of text, or the
// length of text if the document's end is missing.
func (k Kind) Length(text string) int {
	end := strings.TrimSuffix(k.end(), "\n")
	at := strings.Index(text, "\n"+end)
	if at < 0 {
		return len(text)
	}
	at += len("\n" + end)
	for _, ends := range []string{"\r\n", "\n"} {
		if strings.HasPrefix(text[at:], ends) {
			return at + len(ends)
		}
	}
	return at
}

// Parts returns the text for people and the text for machines. It undoes a byte order
// mark and line ends that a mail changed. It fails with [ErrNewer] or [ErrDamaged].
func (k Kind) Parts(file []byte) (people, machine string, err error) {
	first, rest, _ := strings.Cut(text(file), "\n")
	found, ok := strings.CutPrefix(first, k.magic())
	switch {
	case !ok:
		return "", "", damaged("reason.beginning", "text", k.magic())
	case found == "":
		return "", "", damaged("reason.first_line")
	case found != version:
		return "", "", ErrNewer
	}
	line, rest, _ := strings.Cut(rest, "\n")
	if line != sumPrefix+sum(rest) {
		return "", "", damaged("reason.checksum")
	}
	at := strings.LastIndex(rest, "\n"+k.begin())
	if at < 1 {
		return "", "", damaged("reason.no_content")
	}
	machine, ends := strings.CutSuffix(rest[at+1:], "\n"+k.end())
	if !ends {
		return "", "", damaged("reason.no_content")
	}
	return strings.TrimPrefix(rest[:at], "\n"), strings.TrimPrefix(machine, k.begin()), nil
}

func text(file []byte) string {
	return strings.ReplaceAll(strings.TrimPrefix(string(file), "\ufeff"), "\r\n", "\n")
}

func sum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func damaged(why string, pairs ...any) error {
	return ErrDamaged.Because(fault.New(fault.Input, why, pairs...))
}
