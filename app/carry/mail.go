package carry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"reflect"
	"slices"
	"strings"

	"handback/app/fault"
	"handback/app/pattern"
)

// Limits of a mail file. A part is copied once at each depth.
const (
	maxMailDepth = 4   // of multiparts and forwarded mails within each other
	maxMailParts = 200 // texts and attachments
)

var (
	errWinmail   = fault.New(fault.Input, "carry.winmail")
	errMailEmpty = fault.New(fault.Input, "carry.mail_empty")
	errMailCut   = fault.New(fault.Input, "carry.mail_cut")
)

// winmail is how Outlook's own packing of attachments begins (MS-OXTNEF 2.1.3.1).
const winmail = "\x78\x9f\x3e\x22"

// mailStart matches the first line of a mail file (RFC 5322), after the line that mailboxes
// put before it.
var mailStart = pattern.Lazy(`^(?:From [^\r\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n`)

// mailOf returns the mail in a file, if it is one: it has a sender, and something that only
// mail programs write.
func mailOf(data []byte) (*mail.Message, bool) {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "\r\n")
	if colon := bytes.IndexByte(data[:min(len(data), 80)], ':'); colon < 0 { // most files are requests
		return nil, false
	}
	if !mailStart().Match(data[:min(len(data), 2000)]) {
		return nil, false
	}
	if bytes.HasPrefix(data, []byte("From ")) {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil || message.Header.Get("From") == "" {
		return nil, false
	}
	for _, name := range []string{"Message-Id", "Mime-Version", "Received", "Return-Path"} {
		if message.Header.Get(name) != "" {
			return message, true
		}
	}
	return nil, false
}

// letter collects what is in a mail.
type letter struct {
	ctx      context.Context
	pieces   []Piece
	parts    int
	attached error // why the first attachment that cannot be read cannot be
	worse    error // about an attachment that surely should be a request
}

// readMail returns what is in the texts and attachments of a mail, and of mails and
// archives attached to it. Pictures without a code and texts without a request are passed
// over if anything was found; an attachment with the name of a request that cannot be read
// is an error all the same.
func readMail(ctx context.Context, message *mail.Message) ([]Piece, error) {
	l := &letter{ctx: ctx}
	l.read(header(message.Header), message.Body, 0)
	switch {
	case l.worse != nil:
		return l.pieces, l.worse
	case len(l.pieces) > 0:
		return l.pieces, nil
	}
	return nil, cmp.Or(l.attached, error(errMailEmpty))
}

// header is a part's header.
type header map[string][]string

func (h header) get(name string) string { return mail.Header(h).Get(name) }

// attachment returns the name of the file in a part; empty if it is none.
func (h header) attachment() string {
	for _, field := range []struct{ header, parameter string }{{"Content-Disposition", "filename"}, {"Content-Type", "name"}} {
		_, parameters, err := mime.ParseMediaType(h.get(field.header))
		if name := parameters[field.parameter]; err == nil && name != "" {
			if plain, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
				name = plain
			}
			return path.Base(visibleName(name))
		}
	}
	return ""
}

// read reads a mail or a part of one.
func (l *letter) read(h header, body io.Reader, depth int) {
	if l.parts++; l.parts > maxMailParts || depth > maxMailDepth || l.ctx.Err() != nil {
		l.attached = cmp.Or(l.attached, error(fault.New(fault.Input, "carry.nested")))
		return
	}
	kind, parameters, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && parameters["boundary"] != "" {
		l.multipart(multipart.NewReader(body, parameters["boundary"]), depth)
		return
	}
	raw, _ := io.ReadAll(body) // of a file in memory
	data := transferred(h.get("Content-Transfer-Encoding"), raw)
	if name := h.attachment(); name != "" || !strings.HasPrefix(kind, "text/") {
		l.attachment(name, data, depth)
		return
	}
	for _, text := range [][]byte{data, raw} { // the encoding may be told wrong
		found, _ := readText(text)
		found = slices.DeleteFunc(found, func(p Piece) bool { return !isObject([]Piece{p}) })
		if l.add(found) {
			break
		}
	}
}

func (l *letter) multipart(parts *multipart.Reader, depth int) {
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				l.attached = cmp.Or(l.attached, error(errMailCut))
			}
			return
		}
		l.read(header(part.Header), part, depth+1)
	}
}

// attachment reads an attached file, or one in an attached archive.
func (l *letter) attachment(name string, data []byte, depth int) {
	if inner, ok := mailOf(data); ok {
		l.read(header(inner.Header), inner.Body, depth+1)
		return
	}
	if IsArchive(data) {
		for file := range Archive(bytes.NewReader(data), int64(len(data))) {
			if l.ctx.Err() != nil {
				return
			}
			l.file(path.Join(name, file.Name), file.Data, file.Err)
		}
		return
	}
	if bytes.HasPrefix(data, []byte(winmail)) {
		l.file(name, nil, errWinmail)
		return
	}
	l.file(name, data, nil)
}

func (l *letter) file(name string, data []byte, err error) {
	var found []Piece
	if err == nil {
		found, err = readContent(l.ctx, data)
	}
	l.add(found)
	if err == nil {
		return
	}
	err = fault.Named(name, err)
	l.attached = cmp.Or(l.attached, err)
	for _, ending := range []Ending{RequestEnding, HandoffEnding, ReceiptEnding} {
		if strings.HasSuffix(strings.ToLower(name), string(ending)) {
			l.worse = cmp.Or(l.worse, err)
		}
	}
}

// add adds what was found, each once, and reports whether there was anything. Mails have
// their text twice, plain and as a page.
func (l *letter) add(found []Piece) bool {
	for _, piece := range found {
		if !slices.ContainsFunc(l.pieces, func(p Piece) bool { return reflect.DeepEqual(p, piece) }) {
			l.pieces = append(l.pieces, piece)
		}
	}
	return len(found) > 0
}

// transferred decodes a body (RFC 2045 section 6) as far as it can be.
func transferred(encoding string, raw []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		// Whatever is not of the alphabet is ignored (section 6.8).
		kept := bytes.Map(func(r rune) rune {
			if r == '-' || r == '_' || r >= 0x80 || letters[r] == 0 {
				return -1
			}
			return r
		}, raw)
		data := make([]byte, base64.RawStdEncoding.DecodedLen(len(kept)))
		n, _ := base64.RawStdEncoding.Decode(data, kept)
		return data[:n]
	case "quoted-printable":
		if data, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw))); err == nil {
			return data
		}
	}
	return raw
}
