// Package carry takes a deactivation request across the air gap and back. It writes a
// request as QR codes, as lines to be typed, or as a printed sheet of both, and reads it
// back from a file, from pasted or typed text, or from a photograph.
//
// The request travels as its carried text: its JSON in padded standard base64 (RFC 4648
// section 4) on one line, as [handback/app/request.Request.Encode] returns it. This
// package looks at the JSON only to tell a request from other text; package request
// checks it.
//
// # Writing
//
// [Codes] draws a carried text as one QR code, or as several if it is too long for one.
// They usually hold the request's compact form, which leaves out what the profile has: the
// reader is told the profiles of its computer. A
// [Code] is a PNG file, an SVG file or text for a terminal. [Lines] returns lines that a
// person can type, with check letters on each. [Sheet.HTML] prints codes and lines on one
// page. [FileName] proposes the name of a request's file.
//
// # Reading
//
// [ReadFile] and [Read] take any of these, in any surroundings that mail, chats and
// scanners add, and return [Piece] values. A piece has the carried text of a request, or
// one numbered [Part] of it; [Join] puts the parts of one request together, whatever
// files and pictures they came from. [Typed] follows a person who is typing lines and
// reports wrong ones at once.
//
// Pictures come from strangers: [ReadPicture] limits the size, the memory and, by a
// [Budget], the time that they take.
//
// # Format
//
// Parts and typed lines are described in docs/carrying-format.md, for readers in other
// languages.
package carry

import "handback/app/fault"

// Errors to compare with errors.Is. All errors of this package are faults, of kind
// fault.Input except those of [Code.PNG] and [Sheet.HTML].
var (
	// ErrTooLong means that a text is too long for codes or for typed lines.
	ErrTooLong = fault.New(fault.Input, "carry.too_long")
	// ErrEmpty means that the file, paste or text is empty.
	ErrEmpty = fault.New(fault.Input, "carry.empty")
	// ErrTooLarge means that the input is larger than a request can be.
	ErrTooLarge = fault.New(fault.Input, "carry.too_large")
	// ErrNoCode means that no QR code was found in a picture.
	ErrNoCode = fault.New(fault.Input, "carry.no_code")
	// ErrSlow means that reading a picture took too long.
	ErrSlow = fault.New(fault.Input, "carry.picture_slow")
	// ErrNoTime means that the other pictures of the call used up the time for this one.
	ErrNoTime = fault.New(fault.Input, "carry.picture_no_time")
	// ErrUnfinished means that codes were read in a picture before its time was over. It
	// may have more of them.
	ErrUnfinished = fault.New(fault.Input, "carry.picture_unfinished")
	// ErrStopped means that the caller's context ended; its error is the cause.
	ErrStopped = fault.New(fault.Input, "carry.stopped")
)
