package app

import (
	"context"

	"handback/app/carry"
	"handback/app/document"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// MaxInput is the most that any one input may have, in bytes: a picture's limit.
const MaxInput = carry.MaxPictureBytes

// Input is one thing to read: a file or picture by its path, a folder with all that lies
// below it, or bytes that were pasted, dropped or piped in.
type Input struct {
	Name string // a path, or what to call Data
	Data []byte // nil: read the file Name

	found bool  // in a folder: nobody named it
	err   error // why it cannot be read
}

// Inspection is what a request holds and whether its signature is right, or what a
// receipt says.
type Inspection struct {
	Sources  []string // where it was read, several where the same request came more than once, or in parts
	Folder   string   // of the first file it was read from; empty for what was pasted or piped in
	Request  *request.Request
	Receipt  *journal.Receipt // where it is none; Request is nil then
	Verdict  request.Verdict
	Known    journal.Record // what the journal had of the request as it was inspected
	Warnings []words.Phrase
	Err      error // why it could not be read; Request and Receipt are nil then
	// Parts are those that were read of a request that does not come together yet, as
	// Err says.
	Parts []carry.Part
	// Typed: a scanner typed the request through another keyboard. It is what was meant
	// where its signature is right.
	Typed bool
}

// unproved tells whether nothing shows that a request was read as it was meant.
func (one Inspection) unproved() bool { return one.Typed && one.Verdict != request.Valid }

// decode reads the request in a piece. It fails with document.ErrContradicts where the
// file of a hand-off says something else to people.
func decode(piece carry.Piece) (*request.Request, error) {
	r, err := request.Decode(piece.Text)
	if err == nil && piece.People != "" && !saysHandoff(piece.People, r) {
		return nil, document.ErrContradicts
	}
	return r, err
}

// receiptIn is the receipt that was read; nil where it is a request.
func receiptIn(piece carry.Piece) (*journal.Receipt, error) {
	var r journal.Receipt
	var err error
	switch {
	case piece.Record != nil:
		r, err = journal.ParseReceipt(piece.Record)
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

func read(ctx context.Context, input Input) ([]carry.Piece, error) {
	if input.err != nil {
		return nil, input.err
	}
	if input.Data != nil {
		return carry.Read(ctx, input.Data)
	}
	pieces, err := carry.ReadFile(ctx, input.Name)
	if err != nil && profile.Is(input.Name) {
		return nil, fault.New(fault.Input, "app.is_profile", "path", input.Name)
	}
	return pieces, err
}

// check looks a request over under the profile: its signature, its age, what is known of
// it here, and what keeps it from being sent.
func (a *App) check(one *Inspection, key secret.Secret) {
	a.verify(one, key)
	one.Known = a.Journal.Known(one.Request)
	one.Warnings = append(one.Request.Warnings(a.Now()), historyWarnings(one.Known)...)
	if err := a.checkSendable(*one); err != nil {
		one.Warnings = append(one.Warnings, words.Phrase{Key: err.Key, Pairs: err.Pairs})
	}
}

// unclaimed looks over a request that is of no profile here.
func (a *App) checkWithoutProfile(one *Inspection, none error) {
	one.Verdict = one.Request.Verify(secret.Secret{})
	one.Known = a.Journal.Known(one.Request)
	one.Warnings = append(one.Request.Warnings(a.Now()), historyWarnings(one.Known)...)
	one.Warnings = append(one.Warnings, phrases(none)...)
}

// verify checks the signature. Our key says nothing of another vendor's.
func (a *App) verify(one *Inspection, key secret.Secret) {
	if one.Verdict = one.Request.Verify(key); one.Verdict == request.Invalid && !belongsTo(a.Profile, one.Request) {
		one.Verdict = request.Unchecked
	}
}

var errSignature = fault.New(fault.Input, "app.signature_invalid")

// acceptable says why a request must not be sent under this profile.
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

// TestSecret tells whether a secret is the one with which the newest request of a
// profile in the journal was signed. Unchecked, and no record, where there is none.
func (a *App) TestSecret(p profile.Profile, key secret.Secret) (journal.Record, request.Verdict) {
	records, _ := a.Journal.Records() // of what cannot be read nothing can be said
	for _, r := range records {
		if r.Request.Product != p.Product.Code || !belongsTo(p, r.Request) || r.Request.Handoff {
			continue
		}
		if verdict := r.Request.Verify(key); verdict == request.Valid || verdict == request.Invalid {
			return r, verdict
		}
	}
	return journal.Record{}, request.Unchecked
}
