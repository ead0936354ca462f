package carry

// Density is how much a person lets one code hold. Old phones and bad light want
// less in each, and more codes.
type Density string

// The densities. The one in use where nothing else is said is NormalDensity.
const (
	LowDensity    Density = "low"
	NormalDensity Density = "normal"
	HighDensity   Density = "high"
)

// measures are what a density allows: the largest version of a plain code and of
// armor, and the characters of armor that one holds at level L (ISO/IEC 18004,
// table 7, alphanumeric mode).
type measures struct {
	plain, armor int
	room         int
}

var densities = map[Density]measures{
	LowDensity:    {plain: 10, armor: 10, room: 395},
	NormalDensity: {plain: maxVersion, armor: 15, room: 758},
	HighDensity:   {plain: maxVersion, armor: 20, room: 1249},
}

// Densities are all there are, the lowest first.
func Densities() []Density { return []Density{LowDensity, NormalDensity, HighDensity} }

// Valid tells whether there is such a density.
func (d Density) Valid() bool { return densities[d].room > 0 }

// Codes draws a carried text: as it is in one code where the density allows it,
// so that any scanner yields what a mail or the portal takes; else in armor, in
// one code or in several of one size. It fails with ErrTooLong above 999 codes.
func Codes(carried string, d Density) ([]*Code, error) {
	if code, err := NewCode(carried); err == nil && code.Version <= densities[d].plain {
		return []*Code{code}, nil
	}
	return Armored(carried, d)
}

// Armored is Codes in armor alone: for what a scanner's text must not pass for a
// request.
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
