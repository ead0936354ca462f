package request

// Holds says whether a device holds a license, as the vendor's record says. The names are
// those of files and of the command's JSON.
type Holds string

// What the vendor's record says.
const (
	Held    Holds = "yes"
	NotHeld Holds = "no"
	Untold  Holds = "unknown" // the record could not be asked or read
)

// AllHolds returns all that the record may say.
func AllHolds() []Holds { return []Holds{Held, NotHeld, Untold} }

// Told reports whether the record says yes or no.
func (h Holds) Told() bool { return h == Held || h == NotHeld }
