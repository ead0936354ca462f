package app

import (
	"context"
	"path/filepath"
	"slices"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// MaxInput is the most that any one input may have, in bytes: a picture's limit.
const MaxInput = carry.MaxPictureBytes

// Input is one thing to read: a file or picture by its path, bytes that were
// pasted, dropped or piped in, or an inspection that waits for more parts.
type Input struct {
	Name    string // a path, or what to call Data
	Data    []byte // nil: read the file Name
	Waiting *Inspection
}

// Inspection is what a request holds and whether its signature is right, or what a
// receipt says.
type Inspection struct {
	Sources  []string // where it was read, several where the same request came more than once, or in parts
	Folder   string   // of the first file it was read from; empty for what was pasted or piped in
	Request  *request.Request
	Receipt  *journal.Receipt // where it is none; Request is nil then
	Verdict  request.Verdict
	Warnings []words.Phrase
	Err      error // why it could not be read; Request and Receipt are nil then
	// Parts are those that were read of a request that does not come together,
	// as Err says. Given again with others, as Input.Waiting, they may.
	Parts []carry.Part
}

// Inspect reads requests in any form, and puts those together that came in
// parts, whatever inputs the parts are in. The same request given twice is one
// inspection with two sources. It needs no secret: without one signatures are
// unchecked.
func (a *App) Inspect(ctx context.Context, inputs []Input) []Inspection {
	var all []Inspection
	known := map[string]int{}
	for _, found := range gather(ctx, inputs) {
		one := a.inspect(found)
		if one.Request != nil {
			identity := one.Request.Identity()
			if i, seen := known[identity]; seen {
				all[i].Sources = append(all[i].Sources, one.Sources...)
				continue
			}
			known[identity] = len(all)
		}
		all = append(all, one)
	}
	return all
}

// found is a request as it came in: whole, in parts, or not at all.
type found struct {
	sources []string
	folder  string
	text    string
	parts   []carry.Part
	receipt *journal.Receipt
	err     error
}

// gather reads all inputs and brings the parts of each request together, in the
// order in which they came.
func gather(ctx context.Context, inputs []Input) []*found {
	var all []*found
	sets := map[carry.Set]*found{}
	pictures := carry.NewBudget()
	for i, input := range inputs {
		names, folder := []string{input.Name}, ""
		switch {
		case input.Waiting != nil:
			names, folder = input.Waiting.Sources, input.Waiting.Folder
		case input.Data == nil:
			folder = filepath.Dir(input.Name)
		}
		pieces, err := read(pictures.Share(ctx, len(inputs)-i), input)
		if err != nil {
			all = append(all, &found{sources: names, err: err})
		}
		for _, piece := range pieces {
			if piece.Part == nil {
				one := &found{sources: names, folder: folder, text: piece.Text}
				one.receipt, one.err = receiptIn(piece)
				all = append(all, one)
				continue
			}
			set := sets[piece.Part.Set]
			if set == nil {
				set = &found{folder: folder}
				sets[piece.Part.Set] = set
				all = append(all, set)
			}
			set.parts = append(set.parts, *piece.Part)
			for _, name := range names {
				if !slices.Contains(set.sources, name) {
					set.sources = append(set.sources, name)
				}
			}
		}
	}
	for _, set := range sets {
		set.text, set.err = carry.Join(set.parts)
	}
	return all
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
	switch {
	case input.Waiting != nil:
		var pieces []carry.Piece
		for _, part := range input.Waiting.Parts {
			pieces = append(pieces, carry.Piece{Part: &part})
		}
		return pieces, nil
	case input.Data != nil:
		return carry.Read(ctx, input.Data)
	}
	return carry.ReadFile(ctx, input.Name)
}

func (a *App) inspect(f *found) Inspection {
	one := Inspection{Sources: f.sources, Folder: f.folder, Receipt: f.receipt, Err: f.err}
	if one.Err != nil {
		one.Parts = f.parts
		return one
	}
	if one.Receipt != nil {
		return one
	}
	if one.Request, one.Err = request.Decode(f.text); one.Err != nil {
		return one
	}
	key, err := a.Secret()
	if err != nil {
		key = secret.Secret{}
	}
	if one.Verdict = one.Request.Verify(key); one.Verdict == request.Invalid && !own(a.Profile, one.Request) {
		one.Verdict = request.Unchecked // our key says nothing of another vendor's signature
	}
	one.Warnings = append(one.Request.Warnings(a.Now()), a.before(one.Request)...)
	if err := a.acceptable(one); err != nil {
		one.Warnings = append(one.Warnings, words.Phrase{Key: err.Key, Pairs: err.Pairs})
	}
	return one
}

// own tells whether a request names a profile's API key or client ID.
func own(p profile.Profile, r *request.Request) bool {
	if r.APIKey != "" {
		return r.APIKey == p.Authorization.APIKey
	}
	return r.ClientID == p.Authorization.ClientID
}

var errSignature = fault.New(fault.Input, "app.signature_invalid")

// acceptable says why a request must not be sent under this profile.
func (a *App) acceptable(one Inspection) *fault.Fault {
	r, p := one.Request, a.Profile
	switch own := own(a.Profile, r); {
	case !own && p.Practice:
		return fault.New(fault.Input, "app.real_in_practice")
	case !own:
		return fault.New(fault.Input, "app.another_vendor", "profile", p.Name)
	case r.Product != p.Product.Code:
		return fault.New(fault.Input, "app.another_product", "product", words.Visible(r.Product, 60), "own", p.Product.Code)
	case one.Verdict == request.Invalid:
		return errSignature
	case one.Verdict == request.Absent && !r.Handoff:
		return fault.New(fault.Input, "app.signature_absent")
	}
	return nil
}
