package app

import (
	"context"

	"handback/app/carry"
	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// MaxInput is the maximum size of an input, in bytes.
const MaxInput = carry.MaxPictureBytes

// Input is a file, picture, mail or archive, a folder with everything below it, or bytes
// that were pasted, dropped or piped in.
type Input struct {
	Name string // a path, or a name for Data
	Data []byte // nil means the file or folder Name

	found   bool   // in a folder or an archive
	regular bool   // it was seen to be a regular file, or a link to one
	folder  string // where an archive with Data lies
	apart   bool   // no receipt is written beside it
	err     error  // why it cannot be read
}

// Inspection is what was read: a request and whether its signature is valid, or a receipt.
type Inspection struct {
	Sources  []string // the inputs; several if the request came more than once, or in parts
	Folder   string   // of the first file; empty if it was pasted or piped in
	Request  *request.Request
	Receipt  *journal.Receipt // if it is a receipt; Request is nil then
	Verdict  request.Verdict
	Known    journal.Record // what the journal had of the request
	Warnings []words.Phrase
	Err      error // why it could not be read; Request and Receipt are nil then
	// Parts are the parts that were read of a request that is not complete, as Err says.
	Parts []carry.Part
	// Typed says that a scanner typed the request with another keyboard layout. Only a
	// valid signature then proves that it was read correctly.
	Typed bool
}

// unproved reports whether nothing proves that a typed request was read correctly.
func (one Inspection) unproved() bool { return one.Typed && one.Verdict != request.Valid }

// decode reads the request in a piece. It fails with document.ErrContradicts if the file
// of an unsigned request says something else to people.
func decode(piece carry.Piece) (*request.Request, error) {
	r, err := request.Decode(piece.Text)
	if err == nil && piece.People != "" && !saysHandoff(piece.People, r) {
		return nil, document.ErrContradicts
	}
	return r, err
}

// receiptIn returns the receipt in a piece, or nil if the piece is a request.
func receiptIn(piece carry.Piece) (*journal.Receipt, error) {
	var r journal.Receipt
	var err error
	switch {
	case piece.Receipt != nil:
		r, err = journal.ParseReceipt(piece.Receipt)
	case piece.Brief != nil:
		r, err = journal.ParseBrief(piece.Brief)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// found is what was read from one input.
type found struct {
	pieces  []carry.Piece
	decoded []decoded // of the pieces with a Text
	err     error
	archive bool // the input is an archive, whose files are inputs of their own
}

// decoded is the request in a piece, or why there is none.
type decoded struct {
	*request.Request
	err error
}

// read reads one input, and decodes its requests.
func read(ctx context.Context, input Input) (f found) {
	if f.err = input.err; f.err != nil {
		return f
	}
	data := input.Data
	if data == nil {
		data, f.err = fileOf(input)
	}
	switch {
	case f.err != nil:
	case carry.IsArchive(data):
		return found{archive: true}
	default:
		f.pieces, f.err = carry.Read(ctx, data)
	}
	if f.err != nil && input.Data == nil && profile.Is(input.Name) {
		f.err = fault.New(fault.Input, "app.is_profile", "path", input.Name)
	}
	for _, piece := range f.pieces {
		var one decoded
		if piece.Text != "" {
			one.Request, one.err = decode(piece)
		}
		f.decoded = append(f.decoded, one)
	}
	return f
}

// fileOf returns the content of an input's file; see [carry.File].
func fileOf(input Input) ([]byte, error) {
	if input.regular {
		if data, err := durable.ReadListed(input.Name, MaxInput); err == nil {
			return data, nil
		}
	}
	return carry.File(input.Name)
}

// check checks a request for the profile: its signature, its age, what the journal has of
// it, and what prevents that it is sent.
func (a *App) check(one *Inspection, key secret.Secret) {
	a.verify(one, key)
	one.Known = a.Journal.Known(one.Request)
	one.Warnings = append(one.Request.Warnings(a.Now()), historyWarnings(one.Known)...)
	if err := a.checkSendable(*one); err != nil {
		one.Warnings = append(one.Warnings, words.Phrase{Key: err.Key, Pairs: err.Pairs})
	}
}

// checkWithoutProfile checks a request of no profile on this computer, as none says.
func (a *App) checkWithoutProfile(one *Inspection, none error) {
	one.Verdict = one.Request.Verify(secret.Secret{})
	one.Known = a.Journal.Known(one.Request)
	one.Warnings = append(one.Request.Warnings(a.Now()), historyWarnings(one.Known)...)
	one.Warnings = append(one.Warnings, phrases(none)...)
}

// verify checks the signature. For a request of another vendor, key proves nothing.
func (a *App) verify(one *Inspection, key secret.Secret) {
	if one.Verdict = one.Request.Verify(key); one.Verdict == request.Invalid && !belongsTo(a.Profile, one.Request) {
		one.Verdict = request.Unchecked
	}
}

var errSignature = fault.New(fault.Input, "app.signature_invalid")

// checkSendable returns why a request must not be sent with this profile, or nil.
func (a *App) checkSendable(one Inspection) *fault.Fault {
	r, p := one.Request, a.Profile
	switch ours := belongsTo(a.Profile, r); {
	case !ours && p.Practice:
		return fault.New(fault.Input, "app.real_in_practice")
	case !ours:
		return fault.New(fault.Input, "app.another_vendor", "profile", p.Name)
	case r.Product != p.Product.Code:
		return fault.New(fault.Input, "app.another_product", "product", words.Visible(r.Product, 60), "own", p.Product.Code)
	case one.unproved():
		return carry.ErrRetyped
	case one.Verdict == request.Invalid:
		return errSignature
	case one.Verdict == request.Absent && !r.Handoff:
		return fault.New(fault.Input, "app.signature_absent")
	}
	return nil
}

var errIsReceipt = fault.New(fault.Input, "app.is_receipt")

// TestSecret returns the newest signed request of a profile in the journal, and whether
// its signature is valid with a secret. If there is none, it returns the zero Record and
// [request.Unchecked].
func (a *App) TestSecret(p profile.Profile, key secret.Secret) (journal.Record, request.Verdict) {
	for r := range a.Journal.Readable() {
		if r.Request == nil || r.Request.Product != p.Product.Code || !belongsTo(p, r.Request) || r.Request.Handoff {
			continue
		}
		if verdict := r.Request.Verify(key); verdict == request.Valid || verdict == request.Invalid {
			return r, verdict
		}
	}
	return journal.Record{}, request.Unchecked
}
