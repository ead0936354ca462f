package carry

import (
	"bytes"
	"strings"

	"handback/app/fault"
)

// sign is how files of a kind begin.
type sign struct {
	start string
	at    int // offset of then
	then  string
}

func (s sign) begins(content []byte) bool {
	return bytes.HasPrefix(content, []byte(s.start)) && len(content) >= s.at && bytes.HasPrefix(content[s.at:], []byte(s.then))
}

// fileSign is how files of a kind begin, and the fault that names the kind.
type fileSign struct {
	sign
	key string
}

// fileSigns are of files that people mistake for a request. Each has a byte that base64
// does not have, so that no carried text matches.
var fileSigns = []fileSign{
	{sign{start: "\x00\x05\x16\x07"}, "carry.companion"}, // AppleDouble (RFC 1740)
	{sign{start: "\x00\x05\x16\x00"}, "carry.companion"},
	{sign{start: "\x00\x00\x00\x01Bud1"}, "carry.companion"}, // .DS_Store
	{sign{start: "L\x00\x00\x00\x01\x14\x02\x00"}, "carry.shortcut"},
	{sign{start: "[InternetShortcut]"}, "carry.shortcut"},
	{sign{start: "%PDF-"}, "carry.pdf"},
	{sign{start: "-----BEGIN "}, "carry.pem"},
	{sign{start: "0\x82"}, "carry.pem"}, // DER, as in a binary certificate request
	{sign{start: "PK\x03\x04"}, "carry.archive"},
	{sign{start: "\x1f\x8b"}, "carry.archive"},
	{sign{start: "7z\xbc\xaf"}, "carry.archive"},
	{sign{start: "Rar!\x1a"}, "carry.archive"},
	{sign{start: "\xd0\xcf\x11\xe0"}, "carry.document"}, // Word before 2007, Outlook's .msg
	{sign{start: `{\rtf`}, "carry.document"},
	{sign{start: "\x00\x00\x00", at: 4, then: "ftyphei"}, "carry.heic"},
	{sign{start: "\x00\x00\x00", at: 4, then: "ftyphev"}, "carry.heic"},
	{sign{start: "\x00\x00\x00", at: 4, then: "ftypmif1"}, "carry.heic"},
	{sign{start: "\x00\x00\x00", at: 4, then: "ftypmsf1"}, "carry.heic"},
	{sign{start: "\x00\x00\x00", at: 4, then: "ftypavi"}, "carry.heic"},
	{sign{start: "\x89PNG"}, "carry.picture"},
	{sign{start: "\xff\xd8\xff"}, "carry.picture"},
}

// htmlKey is the fault for a web page, which may still contain a request.
const htmlKey = "carry.html"

// svgWithin is how many bytes of markup are searched for its svg element.
const svgWithin = 4096

// ourBegin starts the machine-readable part of our documents, which may have been copied
// without the rest.
const ourBegin = "-----BEGIN HANDBACK "

// wrongKind returns the fault that names the kind of a text or file that is not a
// request, or nil if the kind is unknown.
func wrongKind(content string) *fault.Fault {
	if strings.HasPrefix(content, ourBegin) {
		return nil
	}
	for _, s := range fileSigns {
		if s.begins([]byte(content)) {
			return fault.New(fault.Input, s.key)
		}
	}
	if !strings.HasPrefix(content, "<") {
		return nil
	}
	if strings.Contains(strings.ToLower(content[:min(len(content), svgWithin)]), "<svg") {
		return fault.New(fault.Input, "carry.svg")
	}
	return fault.New(fault.Input, htmlKey)
}
