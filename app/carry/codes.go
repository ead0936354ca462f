package carry

import (
	"cmp"

	"handback/app/fault"
	"handback/app/request"
)

// Density says how much data one code holds. Old phones and bad light need less in each
// code, and so more codes.
type Density string

// The densities. NormalDensity is the default.
const (
	LowDensity    Density = "low"
	NormalDensity Density = "normal"
	HighDensity   Density = "high"
)

// densityLimits are the largest version of a plain code, the version of armored codes,
// and the characters of armor that one of these holds at level L (ISO/IEC 18004, table 7,
// alphanumeric mode).
type densityLimits struct {
	plain, armor int
	room         int
}

var densities = map[Density]densityLimits{
	LowDensity:    {plain: 10, armor: 10, room: 395},
	NormalDensity: {plain: maxVersion, armor: 15, room: 758},
	HighDensity:   {plain: maxVersion, armor: 20, room: 1249},
}

// Densities returns all densities, the lowest first.
func Densities() []Density { return []Density{LowDensity, NormalDensity, HighDensity} }

// Valid reports whether d is one of the [Densities].
func (d Density) Valid() bool { return densities[d].room > 0 }

// CodeForm says what a request's code holds.
type CodeForm string

// The forms of codes.
const (
	CompactCode CodeForm = "compact" // armor, which this program reads
	LinkCode    CodeForm = "link"    // armor behind the address of a page, which a phone's camera opens
	PlainCode   CodeForm = "plain"   // the carried text, which any scanner reads and the vendor's portal accepts
)

// CodeForms returns all forms.
func CodeForms() []CodeForm { return []CodeForm{CompactCode, LinkCode, PlainCode} }

// Drawing says how a request is drawn. Empty members mean the usual: a link if the reader
// has a page, otherwise a compact code, of normal density.
type Drawing struct {
	Form    CodeForm
	Density Density
}

// Reader is what is known of those who read a request.
type Reader struct {
	Known []request.Common // as in [request.Request.Compact]
	// Page is the address of a page that reads requests from its fragment (RFC 3986
	// section 3.5), which browsers do not send; empty if there is none.
	Page string
}

// ErrNoPage means that a link was asked for and there is no page.
var ErrNoPage = fault.New(fault.Usage, "carry.no_page")

// Codes draws a carried text as one code. If it is too long for one, several of one size
// have it in armor. It fails with [ErrNoPage], and with [ErrTooLong] for more than 999
// codes, and for a plain code that is larger than the density allows.
func Codes(carried string, d Drawing, r Reader) ([]*Code, error) {
	allowed := densities[cmp.Or(d.Density, NormalDensity)]
	switch {
	case d.Form == PlainCode:
		code, err := NewCode(carried)
		if err == nil && code.Version > allowed.plain {
			err = ErrTooLong.With("characters", len(carried))
		}
		return []*Code{code}, err
	case d.Form == LinkCode && r.Page == "":
		return nil, ErrNoPage
	case d.Form == CompactCode:
		r.Page = ""
	}
	parts, err := split(carried, allowed.room, r.Known)
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		text := parts[0].String()
		if r.Page != "" {
			text = r.Page + "#" + text
		}
		code, err := NewCode(text)
		if err != nil {
			return nil, err
		}
		code.Page = r.Page
		return []*Code{code}, nil
	}
	var codes []*Code
	for _, part := range parts {
		code, err := newCode(part.String(), allowed.armor, "L")
		if err != nil {
			return nil, err
		}
		code.Number, code.Count = part.Number, part.Count
		codes = append(codes, code)
	}
	return codes, nil
}
