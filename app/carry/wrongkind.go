package carry

import (
	"strings"

	"handback/app/fault"
)

// fileSign is how files of a kind begin, and the fault that names the kind.
type fileSign struct {
	start string
	at    int // offset of then
	then  string
	key   string
}

// fileSigns are of files that people mistake for a request. Each has a byte that base64
// does not have, so that no carried text matches.
var fileSigns = []fileSign{
	{start: "\x00\x05\x16\x07", key: "carry.companion"}, // AppleDouble (RFC 1740)
	{start: "\x00\x05\x16\x00", key: "carry.companion"},
	{start: "\x00\x00\x00\x01Bud1", key: "carry.companion"}, // .DS_Store
	{start: "L\x00\x00\x00\x01\x14\x02\x00", key: "carry.shortcut"},
	{start: "[InternetShortcut]", key: "carry.shortcut"},
	{start: "%PDF-", key: "carry.pdf"},
	{start: "-----BEGIN ", key: "carry.pem"},
	{start: "0\x82", key: "carry.pem"}, // DER, as in a binary certificate request
	{start: "PK\x03\x04", key: "carry.archive"},
	{start: "\x1f\x8b", key: "carry.archive"},
	{start: "7z\xbc\xaf", key: "carry.archive"},
	{start: "Rar!\x1a", key: "carry.archive"},
	{start: "\xd0\xcf\x11\xe0", key: "carry.document"}, // Word before 2007, Outlook's .msg
	{start: `{\rtf`, key: "carry.document"},
	{start: "\x00\x00\x00", at: 4, then: "ftyphei", key: "carry.heic"},
	{start: "\x00\x00\x00", at: 4, then: "ftyphev", key: "carry.heic"},
	{start: "\x00\x00\x00", at: 4, then: "ftypmif1", key: "carry.heic"},
	{start: "\x00\x00\x00", at: 4, then: "ftypmsf1", key: "carry.heic"},
	{start: "\x00\x00\x00", at: 4, then: "ftypavi", key: "carry.heic"},
	{start: "II*\x00", key: "carry.tiff"},
	{start: "MM\x00*", key: "carry.tiff"},
	{start: "RIFF", at: 7, then: "\x00WEBP", key: "carry.webp"}, // up to 16 MiB
	{start: "BM", at: 6, then: "\x00\x00\x00\x00", key: "carry.bmp"},
	{start: "\x89PNG", key: "carry.picture"},
	{start: "\xff\xd8\xff", key: "carry.picture"},
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
		if strings.HasPrefix(content, s.start) && len(content) > s.at && strings.HasPrefix(content[s.at:], s.then) {
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
