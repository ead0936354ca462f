package carry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
)

// Piece is what was read: a request's carried text, whole, or a part of one, or
// something that is no request.
type Piece struct {
	Text   string
	Part   *Part  // of a request
	Brief  []byte // as BriefLines takes it
	Record []byte // a document of kind Record, whole or not

	// People is what the file of a hand-off says to people, beside Text.
	People string
	// Typed is what a scanner typed through another keyboard, if it did. Nothing here
	// proves that Text is what was meant, as its signature would.
	Typed string
}

// ErrRetyped says that what a scanner typed through another keyboard is not proved to
// be read as it was meant.
var ErrRetyped = fault.New(fault.Input, "carry.keyboard")

// Read finds the requests, and the parts of requests, in the content of any
// file: a picture of QR codes, as ReadPicture takes it; a drawing or a sheet that
// this program made; text of parts or of typed lines; or anything that Text
// takes. What it is shows in the content; names do not count. Of several codes
// those that are no request are passed over. With ErrUnfinished it gives what was
// read until then.
func Read(ctx context.Context, data []byte) ([]Piece, error) {
	if document.Record.Matches(data) {
		return []Piece{{Record: data}}, nil
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

// codeText is the text of a code in the markup that Code.SVG makes.
var codeText = regexp.MustCompile(`<metadata>([A-Za-z0-9+/=]+)</metadata>`)

// drawnCodes are the texts of the codes in a drawing or a sheet of this program.
func drawnCodes(data []byte) (texts []string) {
	if !bytes.HasPrefix(data, []byte("<svg ")) && !bytes.HasPrefix(data, []byte("<!DOCTYPE html>")) {
		return nil
	}
	for _, match := range codeText.FindAllSubmatch(data, maxParts) {
		texts = append(texts, string(match[1]))
	}
	return texts
}

// ReadFile is Read for a file, under the rules of durable.Read and of at most
// MaxPictureBytes.
func ReadFile(ctx context.Context, path string) ([]Piece, error) {
	data, err := durable.Read(path, MaxPictureBytes)
	if errors.Is(err, durable.ErrFileTooLarge) {
		return nil, tooLargeFor(path, err)
	}
	if err != nil {
		return nil, err
	}
	return Read(ctx, data)
}

// tooLargeFor names a file that is too large by what its beginning says it is.
func tooLargeFor(path string, err error) error {
	head, unread := durable.Head(path, svgWithin)
	if _, picture := formatOf(head); picture {
		return pictureTooLarge()
	}
	if f := known(string(head)); unread == nil && f != nil {
		return f
	}
	return err
}

// readText reads a text that is one thing from its beginning to its end, else finds
// the requests that stand in it among others, else what a scanner typed. What was
// found may stand beside an error that says what else could not be read.
func readText(data []byte) ([]Piece, error) {
	data, err := written(data)
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
	if f := known(given); f != nil && f.Key != htmlKey {
		return nil, f
	}
	var found []Piece
	var wrong error
	if !allParts(given) {
		found, wrong = newSearch().find(text)
	}
	if len(found) == 0 {
		if typed, unproved := retyped(given); len(typed) > 0 || unproved != nil {
			return typed, unproved
		}
	}
	if len(found) > 0 || wrong != nil && !anchored.MatchString(given[:min(4, len(given))]) {
		return found, wrong
	}
	return only, err
}

// isObject tells whether what was read is the JSON of a request, or no text at all.
func isObject(pieces []Piece) bool {
	if len(pieces) != 1 || pieces[0].Text == "" {
		return len(pieces) == 1
	}
	content := bytesOf(pieces[0].Text)
	return bytes.Contains(content, mark) && json.Valid(content)
}

// allParts tells whether a text is of parts alone: its letters are all capital or all
// small. Words between parts would be taken for letters.
func allParts(text string) bool {
	return partsStart.MatchString(text) && (text == strings.ToUpper(text) || text == strings.ToLower(text))
}

// readWhole tells parts and typed lines from the forms of Text by how they begin,
// as none of those does.
func readWhole(data []byte, given string) ([]Piece, error) {
	switch {
	case partsStart.MatchString(given):
		return readParts(given)
	case typedStart.MatchString(given):
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
