package carry

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

// Codes draws a carried text. If the density allows it, it is one code of the text
// itself, so that any scanner reads what a mail or the vendor's portal accepts. Otherwise
// the text is armored, in one code or in several of one size. Codes fails with
// [ErrTooLong] if it needs more than 999 codes.
func Codes(carried string, d Density) ([]*Code, error) {
	if code, err := NewCode(carried); err == nil && code.Version <= densities[d].plain {
		return []*Code{code}, nil
	}
	return Armored(carried, d)
}

// Armored is like [Codes], but always armors the text: for an unsigned request, which
// must not be mistaken for a request when it is scanned.
func Armored(carried string, d Density) ([]*Code, error) {
	allowed := densities[d]
	parts, err := split(carried, allowed.room)
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
