// Package carry takes a deactivation request across the air gap and back: it
// draws the request as a QR code and reads it from a file, from pasted text, or
// from a picture of the code.
//
// What it carries is the carried text: the request's JSON in padded standard
// base64 (RFC 4648 section 4) on one line. Nothing in here knows the members of
// that JSON.
package carry

import "handback/app/fault"

// The faults that callers decide on. All other faults of this package have the
// kind fault.Input too, but for those of Code.PNG.
var (
	// ErrTooLong says that a text does not fit one QR code. The file carries it.
	ErrTooLong = fault.New(fault.Input, "carry.too_long")
	// ErrEmpty says that there is nothing in the file, paste or text.
	ErrEmpty = fault.New(fault.Input, "carry.empty")
	// ErrTooLarge says that something is larger than a request can be.
	ErrTooLarge = fault.New(fault.Input, "carry.too_large")
	// ErrNoCode says that no QR code was found in a picture.
	ErrNoCode = fault.New(fault.Input, "carry.no_code")
	// ErrSlow says that a picture was given up at the deadline.
	ErrSlow = fault.New(fault.Input, "carry.picture_slow")
	// ErrNoTime says that the pictures of one call, together, took the time for
	// this one.
	ErrNoTime = fault.New(fault.Input, "carry.picture_no_time")
	// ErrUnfinished says that codes were read in a picture, and that there may be
	// more in it.
	ErrUnfinished = fault.New(fault.Input, "carry.picture_unfinished")
	// ErrStopped says that the caller's context ended first; the cause is its error.
	ErrStopped = fault.New(fault.Input, "carry.stopped")
)

// with fills the placeholders of a fault that callers decide on.
func with(f *fault.Fault, pairs ...any) *fault.Fault {
	return fault.New(f.Kind, f.Key, pairs...)
}
