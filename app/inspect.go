package app

import (
	"context"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// MaxInput is the most that any one input may have, in bytes: a picture's limit.
const MaxInput = carry.MaxPictureBytes

// Input is one thing to read: a file or picture by its path, or bytes that
// were pasted, dropped or piped in.
type Input struct {
	Name string // a path, or what to call Data
	Data []byte // nil: read the file Name
}

// Inspection is what a request holds and whether its signature is right.
type Inspection struct {
	Sources  []string // where it was read, several where the same request came more than once
	Request  *request.Request
	Verdict  request.Verdict
	Warnings []words.Phrase
	Err      error // why it could not be read; Request is nil then
}

// Inspect reads requests in any form. The same request given twice is one
// inspection with two sources. It needs no secret: without one signatures are
// unchecked.
func (a *App) Inspect(ctx context.Context, inputs []Input) []Inspection {
	var all []Inspection
	known := map[string]int{}
	for _, input := range inputs {
		one := a.inspect(ctx, input)
		if one.Err == nil {
			identity := one.Request.Identity()
			if i, seen := known[identity]; seen {
				all[i].Sources = append(all[i].Sources, input.Name)
				continue
			}
			known[identity] = len(all)
		}
		all = append(all, one)
	}
	return all
}

func (a *App) inspect(ctx context.Context, input Input) Inspection {
	one := Inspection{Sources: []string{input.Name}}
	var text string
	if input.Data == nil {
		text, one.Err = carry.ReadFile(ctx, input.Name)
	} else {
		text, one.Err = carry.Read(ctx, input.Data)
	}
	if one.Err != nil {
		return one
	}
	if one.Request, one.Err = request.Decode(text); one.Err != nil {
		return one
	}
	key, err := a.Secret()
	if err != nil {
		key = secret.Secret{}
	}
	if one.Verdict = one.Request.Verify(key); one.Verdict == request.Invalid && !a.own(one.Request) {
		one.Verdict = request.Unchecked // our key says nothing of another vendor's signature
	}
	one.Warnings = one.Request.Warnings(a.Now())
	if err := a.acceptable(one); err != nil {
		one.Warnings = append(one.Warnings, words.Phrase{Key: err.Key, Pairs: err.Pairs})
	}
	return one
}

// own tells whether a request names this profile's API key or client ID.
func (a *App) own(r *request.Request) bool {
	if r.APIKey != "" {
		return r.APIKey == a.Profile.Authorization.APIKey
	}
	return r.ClientID == a.Profile.Authorization.ClientID
}

var errSignature = fault.New(fault.Input, "app.signature_invalid")

// acceptable says why a request must not be sent under this profile.
func (a *App) acceptable(one Inspection) *fault.Fault {
	r, p := one.Request, a.Profile
	switch own := a.own(r); {
	case !own && p.Practice:
		return fault.New(fault.Input, "app.real_in_practice")
	case !own:
		return fault.New(fault.Input, "app.another_vendor", "profile", p.Name)
	case r.Product != p.Product.Code:
		return fault.New(fault.Input, "app.another_product", "product", words.Visible(r.Product, 60), "own", p.Product.Code)
	case one.Verdict == request.Invalid:
		return errSignature
	case one.Verdict == request.Absent:
		return fault.New(fault.Input, "app.signature_absent")
	}
	return nil
}
