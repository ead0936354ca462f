// Package document is a text file that people can read, with a part in it for
// machines, and a checksum over both: what Handback writes that is no request.
// Its first line says what it is, so that nobody takes it for one.
package document

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"handback/app/fault"
)

// Kind is what a document is, as its first line says after the program's name.
type Kind string

// The kinds.
const (
	Record   Kind = "RECORD"           // of one request: of the journal, and as a receipt
	Unsigned Kind = "UNSIGNED REQUEST" // the hand-off
)

// version is that of the form of every kind, in the first line.
const version = "1"

const sumPrefix = "sha256 of what follows: "

// The faults that callers decide on.
var (
	// ErrDamaged says that a document is not as it was written.
	ErrDamaged = fault.New(fault.Input, "document.damaged")
	// ErrContradicts says that a document's text for people is not what is written for
	// its machine's part. Both are covered by the checksum, which anybody can make anew.
	ErrContradicts = fault.New(fault.Input, "document.contradicts")
	// ErrNewer says that a document is one of a newer version.
	ErrNewer = fault.New(fault.Input, "document.newer")
)

func (k Kind) magic() string { return "HANDBACK " + string(k) + " " }
func (k Kind) begin() string { return "-----BEGIN HANDBACK " + string(k) + "-----\n" }
func (k Kind) end() string   { return "-----END HANDBACK " + string(k) + "-----\n" }

// Matches reports whether a file begins as a document of this kind, complete or not.
func (k Kind) Matches(file []byte) bool { return strings.HasPrefix(text(file), k.magic()) }

// Write is the document: people's text, and below it the machine's.
func (k Kind) Write(people, machine string) []byte {
	rest := "\n" + people + "\n" + k.begin() + machine + "\n" + k.end()
	return []byte(k.magic() + version + "\n" + sumPrefix + sum(rest) + "\n" + rest)
}

// Length is how many bytes of a text the document has that begins it: all where its end
// is missing.
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

// Read returns the machine's part; see Parts.
func (k Kind) Read(file []byte) (machine string, err error) {
	_, machine, err = k.Parts(file)
	return machine, err
}

// Parts returns people's text and the machine's part. A byte order mark and line ends
// that a mail changed are mended. It fails with ErrNewer or ErrDamaged.
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
