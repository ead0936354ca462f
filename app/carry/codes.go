package carry

import "handback/app/request"

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

// The forms of codes. CompactCode is the default.
const (
	CompactCode CodeForm = "compact" // armor, which this program reads
	PlainCode   CodeForm = "plain"   // the carried text, which any scanner reads and the vendor's portal accepts
)

// CodeForms returns all forms.
func CodeForms() []CodeForm { return []CodeForm{CompactCode, PlainCode} }

// Codes draws a carried text as one code, or in armor as several of one size. known is as
// in [request.Request.Compact]. It fails with [ErrTooLong] for more than 999 codes, and
// for a plain code that is larger than the density allows.
func Codes(carried string, form CodeForm, d Density, known []request.Common) ([]*Code, error) {
	if form == PlainCode {
		code, err := NewCode(carried)
		if err == nil && code.Version > densities[d].plain {
			err = ErrTooLong.With("characters", len(carried))
		}
		return []*Code{code}, err
	}
	return armored(carried, d, known)
}

// armored draws a carried text in armor.
func armored(carried string, d Density, known []request.Common) ([]*Code, error) {
	allowed := densities[d]
	parts, err := split(carried, allowed.room, known)
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		code, err := NewCode(parts[0].String())
		if err != nil {
			return nil, err
		}
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
