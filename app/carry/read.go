package carry

import (
	"bytes"
	"cmp"
	"context"
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
}

// Read finds the requests, and the parts of requests, in the content of any
// file: a picture of QR codes, as ReadPicture takes it; a drawing or a sheet that
// this program made; text of parts or of typed lines; or anything that Text
// takes. What it is shows in the content; names do not count. Of several codes
// those that are no request are passed over. With ErrUnfinished it gives what was
// read until then.
func Read(ctx context.Context, data []byte) ([]Piece, error) {
	if document.Record.In(data) {
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
	if err != nil {
		return nil, err
	}
	return Read(ctx, data)
}

// readText tells parts and typed lines from the forms of Text by how they begin,
// as none of those does.
func readText(data []byte) ([]Piece, error) {
	if len(data) > MaxFileBytes {
		return nil, tooLarge()
	}
	if document.Unsigned.In(data) {
		return readHandoff(data)
	}
	given := strings.TrimFunc(decoded(data), wrapping)
	switch {
	case partsStart.MatchString(given):
		return readParts(given)
	case typedStart.MatchString(given):
		typing := Typed(given)
		if typing.Brief != nil {
			return []Piece{{Brief: typing.Brief}}, nil
		}
		return whole(typing.Complete())
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
	var pieces []Piece
	for _, part := range all {
		pieces = append(pieces, Piece{Part: &part})
	}
	return pieces, err
}
