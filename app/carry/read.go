package carry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"strings"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/pattern"
)

// Piece is one thing that was read: a request, a part of one, or a receipt. Exactly one
// of Text, Part, Brief and Receipt is set.
type Piece struct {
	Text    string // a request's carried text
	Part    *Part  // one part of a request, see [Join]
	Brief   []byte // a receipt in its short form, see [BriefLines]
	Receipt []byte // a receipt: a document of kind [document.Record], possibly damaged

	// People is the text for people in the file of an unsigned request.
	People string
	// Typed is the original text if a scanner typed it through another keyboard layout.
	// Then Text is a guess, which only the request's signature can confirm.
	Typed string
}

// ErrRetyped means that a scanner typed through another keyboard layout, and that it is
// not certain what it meant.
var ErrRetyped = fault.New(fault.Input, "carry.keyboard")

// Read returns the requests and parts of requests in the content of a file: a picture of
// QR codes, see [ReadPicture]; a drawing or a sheet made by this program; parts or typed
// lines; a mail with any of these in its text or attached; or anything that [Text] accepts.
// It recognizes files by content, not by name. If there are several codes, those that are
// not of a request are skipped. With [ErrUnfinished] it also returns what it read in time.
// For archives see [IsArchive].
func Read(ctx context.Context, data []byte) ([]Piece, error) {
	message, ok := mailOf(data)
	if !ok {
		return readContent(ctx, data)
	}
	pieces, err := readMail(ctx, message)
	if len(pieces) == 0 && ctx.Err() == nil {
		if found, wrong := readText(data); len(found) > 0 { // it only looked like a mail
			return found, wrong
		}
	}
	return pieces, err
}

// readContent is [Read] for what is not a mail.
func readContent(ctx context.Context, data []byte) ([]Piece, error) {
	if document.Record.Matches(data) {
		return []Piece{{Receipt: data}}, nil
	}
	codes := drawnCodes(data)
	var unfinished error
	if _, ok := formatOf(data); ok {
		var err error
		if codes, err = ReadPicture(ctx, data); errors.Is(err, ErrUnfinished) {
			unfinished = err
		} else if err != nil {
			return nil, err
		}
	}
	if len(codes) == 0 {
		return readText(data)
	}
	var all []Piece
	var err error
	for _, code := range codes {
		pieces, wrong := readText([]byte(code))
		if wrong != nil {
			err = wrong
		}
		all = append(all, pieces...)
	}
	if len(all) == 0 {
		return nil, cmp.Or(unfinished, error(fault.New(fault.Input, "carry.other_code").Because(err)))
	}
	return all, unfinished
}

// codeText matches the text of a code in the markup of [Code.SVG].
var codeText = pattern.Lazy(`<metadata>([^<>]+)</metadata>`)

// drawnCodes returns the texts of the codes in a drawing or a sheet of this program.
func drawnCodes(data []byte) (texts []string) {
	if !bytes.HasPrefix(data, []byte("<svg ")) && !bytes.HasPrefix(data, []byte("<!DOCTYPE html>")) {
		return nil
	}
	for _, match := range codeText().FindAllSubmatch(data, maxParts) {
		texts = append(texts, html.UnescapeString(string(match[1])))
	}
	return texts
}

// ReadFile is like [Read], for the file that [File] returns.
func ReadFile(ctx context.Context, path string) ([]Piece, error) {
	data, err := File(path)
	if err != nil {
		return nil, err
	}
	return Read(ctx, data)
}

// File returns the content of a file under the rules of [durable.Read], of at most
// [MaxPictureBytes]. Of a larger archive it returns the beginning; see [ArchiveFile].
func File(path string) ([]byte, error) {
	data, err := durable.Read(path, MaxPictureBytes)
	if !errors.Is(err, durable.ErrFileTooLarge) {
		return data, err
	}
	head, unread := durable.Head(path, svgWithin)
	if unread == nil && IsArchive(head) {
		return head, nil
	}
	return nil, tooLargeFor(head, cmp.Or(unread, err))
}

// tooLargeFor returns the fault for a file that is too large, by the kind that its first
// bytes show.
func tooLargeFor(head []byte, err error) error {
	if _, picture := formatOf(head); picture {
		return pictureTooLarge()
	}
	if f := wrongKind(string(head)); f != nil {
		return f
	}
	return err
}

// readText reads a text that is one carried thing as a whole. If it is not, it searches
// the text for requests, and last reads it as a scanner's output. It may return pieces
// together with an error about others that could not be read.
func readText(data []byte) ([]Piece, error) {
	if text, ok := exactly(data); ok {
		return []Piece{{Text: text}}, nil
	}
	return readAnyText(data)
}

// exactly returns the content of a request's file as this program writes it, which most
// files are: [readAnyText] returns the same, in several times the time.
func exactly(data []byte) (text string, ok bool) {
	if len(data) > MaxFileBytes || !bytes.HasPrefix(data, []byte("eyJ")) || bytes.ContainsAny(data, "\r\n") { // line ends the decoder would skip
		return "", false
	}
	content := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Strict().Decode(content, data)
	if err != nil || !isRequest(content[:n]) {
		return "", false
	}
	return string(data), true
}

// readAnyText is [readText] for any text.
func readAnyText(data []byte) ([]Piece, error) {
	data, err := trimFill(data)
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFileBytes {
		return nil, tooLarge()
	}
	if document.Unsigned.Matches(data) {
		return readHandoff(data)
	}
	text := decoded(data)
	given := strings.TrimFunc(text, wrapping)
	only, err := readWhole(data, given)
	if err == nil && (isObject(only) || allParts(given)) {
		return only, nil
	}
	if f := wrongKind(given); f != nil && f.Key != htmlKey {
		return nil, f
	}
	var found []Piece
	var wrong error
	if !allParts(given) {
		found, wrong = new(search).find(text)
	}
	if len(found) == 0 {
		if typed, unproved := fromKeyboard(given); len(typed) > 0 || unproved != nil {
			return typed, unproved
		}
	}
	if len(found) > 0 || wrong != nil && !base64Object().MatchString(given[:min(4, len(given))]) {
		return found, wrong
	}
	return only, err
}

// isObject reports whether the only piece is a request's JSON or not a text at all.
func isObject(pieces []Piece) bool {
	if len(pieces) != 1 || pieces[0].Text == "" {
		return len(pieces) == 1
	}
	return isRequest(bytesOf(pieces[0].Text))
}

// isRequest reports whether a content is the JSON of a request, signed or not.
func isRequest(content []byte) bool {
	return bytes.Contains(content, requestMember) && json.Valid(content)
}

// allParts reports whether a text consists of parts only: all letters have the same case.
// Words between parts would be read as letters.
func allParts(text string) bool {
	return partsStart().MatchString(text) && (text == strings.ToUpper(text) || text == strings.ToLower(text))
}

// readWhole distinguishes parts and typed lines from the forms of [Text], none of which
// starts like them.
func readWhole(data []byte, given string) ([]Piece, error) {
	switch {
	case partsStart().MatchString(given):
		return readParts(given)
	case typedStart().MatchString(given):
		return typedPieces(given)
	}
	text, err := Text(data)
	return whole(text, err)
}

func whole(text string, err error) ([]Piece, error) {
	if err != nil {
		return nil, err
	}
	return []Piece{{Text: text}}, nil
}

func readParts(text string) ([]Piece, error) {
	all, err := parts(text)
	if err != nil {
		return nil, err
	}
	var pieces []Piece
	for _, part := range all {
		pieces = append(pieces, Piece{Part: &part})
	}
	return pieces, nil
}
