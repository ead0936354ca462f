// Package machine reads hardware IDs: each source, on each system. A license
// is released only under the ID it was activated with, and nothing on the
// machine says which source that was: the vendor's profile does, or a person.
package machine

import (
	"slices"
	"strings"
	"sync"

	"handback/app/fault"
	"handback/app/words"
)

// Source names a way of making a hardware ID, as the profile's hardware.source
// and the flag --hardware-source spell it.
type Source string

// The sources.
const (
	// LicenseSpring is the vendor's SDK-independent generator, algorithms 0, 2
	// and 4: lowercase hex SHA-256 of the machine ID (Linux) or of the SMBIOS
	// system UUID (Windows).
	LicenseSpring Source = "licensespring"
	// LicenseSpringCryptography is its algorithm 3: SHA-256 of the MachineGuid
	// on Windows, the same as LicenseSpring elsewhere.
	LicenseSpringCryptography Source = "licensespring-cryptography"
	// MachineID is the machine ID as it is: Python's PlatformIdProvider, and
	// older C++ and .NET on Linux.
	MachineID Source = "machine-id"
	// ProtectedID is the hex HMAC-SHA256 over an application ID, keyed by the
	// machine ID: version 1 of the Go SDK.
	ProtectedID Source = "protected-id"
	// MACDecimal is a network card's address as a decimal number: Python's
	// uuid.getnode().
	MACDecimal Source = "mac-decimal"
	// Typed is an ID that a person gives: an application can set one of its own.
	Typed Source = "typed"
)

// Valid tells whether there is such a source. Typed is one.
func (s Source) Valid() bool { return s == Typed || slices.Contains(Sources(), s) }

// Errors that a caller may ask for. The first two come with their placeholders
// filled.
var (
	// ErrSeveralCards says that a person has to choose among network cards.
	ErrSeveralCards = fault.New(fault.Hardware, "machine.several_cards")
	// ErrChanged is an ID that was another one when it was read again.
	ErrChanged = fault.New(fault.Hardware, "machine.changed")
	// ErrUnknownOnMacOS is the vendor's own ID on macOS: how it is made there is described
	// nowhere, so it is not guessed.
	ErrUnknownOnMacOS = fault.New(fault.Hardware, "machine.unknown_on_macos")
	// ErrNoApplicationID is a profile that chose ProtectedID and left application_id out.
	ErrNoApplicationID = fault.New(fault.Input, "machine.no_application_id")
	// ErrTyped is an attempt to read an ID that has to be typed.
	ErrTyped = fault.New(fault.Usage, "machine.typed")
)

// HardwareID is one candidate.
type HardwareID struct {
	Value  string
	Source Source
	Origin string  // where it was read: a file, "SMBIOS system UUID", a registry value, a network card's name
	Doubts []Doubt // why this may be the wrong one; empty is good
}

// Candidate is a hardware ID, or why there is none. Its Source is always set.
type Candidate struct {
	HardwareID HardwareID
	Err        error // a fault
}

// Computer reads the machine it is given. Here makes one.
type Computer struct {
	readers map[Source]reader

	mu   sync.Mutex
	seen map[reading]Candidate // guarded by mu
}

// A reading is what was asked for.
type reading struct {
	source        Source
	applicationID string
}

// A reader gives a source's candidates, at least one, likeliest first.
type reader func(applicationID string) []Candidate

// one is a reader of a single candidate that needs no application ID.
func one(read func() Candidate) reader {
	return func(string) []Candidate { return []Candidate{read()} }
}

// HardwareID reads one source, twice, and gives the ID if both readings agree.
// Of a machine ID held by two files that differ it is the first file's, with a
// doubt; of several network cards none is chosen: ErrSeveralCards. The
// application ID matters to ProtectedID alone. Errors are faults, of kind
// Hardware unless the source or the application ID is at fault.
func (c *Computer) HardwareID(source Source, applicationID string) (HardwareID, error) {
	candidates := c.candidates(source, applicationID)
	if source == MACDecimal {
		if err := oneCard(candidates); err != nil {
			return HardwareID{Source: source}, err
		}
	}
	return candidates[0].HardwareID, candidates[0].Err
}

// Seen gives what HardwareID gave before for the same source and application ID, failures
// too, and reads it the first time: on a Mac each reading starts a program. It is for
// what is shown while a person types.
func (c *Computer) Seen(source Source, applicationID string) (HardwareID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := reading{source, applicationID}
	if before, ok := c.seen[asked]; ok {
		return before.HardwareID, before.Err
	}
	id, err := c.HardwareID(source, applicationID)
	if c.seen == nil {
		c.seen = map[reading]Candidate{}
	}
	c.seen[asked] = Candidate{id, err}
	return id, err
}

// Forget makes Seen read all sources again.
func (c *Computer) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.seen)
}

// All reads every source, in the order of Sources, each with all its
// candidates: every network card, and both machine IDs where two files differ.
func (c *Computer) All(applicationID string) []Candidate {
	var all []Candidate
	for _, source := range Sources() {
		all = append(all, c.candidates(source, applicationID)...)
	}
	return all
}

func (c *Computer) candidates(source Source, applicationID string) []Candidate {
	if source == Typed {
		return []Candidate{failure(source, "", ErrTyped)}
	}
	read, known := c.readers[source]
	if !known {
		unknown := fault.New(fault.Usage, "machine.unknown_source", "source", words.Visible(string(source), shown), "sources", SourceNames()+", "+string(Typed))
		return []Candidate{failure(source, "", unknown)}
	}
	first := read(applicationID)
	if !slices.EqualFunc(first, read(applicationID), Candidate.agrees) {
		return []Candidate{failure(source, "", fault.New(ErrChanged.Kind, ErrChanged.Key, "source", string(source)))}
	}
	return first
}

func (c Candidate) failed() bool { return c.Err != nil }

// agrees compares what was read: a failure has no value, and nothing else is empty.
func (c Candidate) agrees(other Candidate) bool { return c.HardwareID.Value == other.HardwareID.Value }

func failure(source Source, origin string, err error) Candidate {
	return Candidate{HardwareID{Source: source, Origin: origin}, err}
}

func unreadable(source Source, origin string, cause error) Candidate {
	return failure(source, origin, fault.New(fault.Hardware, "machine.unreadable", "origin", origin).Because(cause))
}

// found makes a candidate of the text that was read, or says why it cannot be
// one.
func found(source Source, text, origin string, id func(string) string, doubts []Doubt) Candidate {
	if err := refuse(text, origin); err != nil {
		return failure(source, origin, err)
	}
	value := id(text)
	if err := refuseID(value, origin); err != nil {
		return failure(source, origin, err)
	}
	return Candidate{HardwareID: HardwareID{value, source, origin, doubts}}
}

func asIs(text string) string { return text }

// oneCard refuses cards whose values differ. Cards that share an address, as
// a bridge and its port do, are one.
func oneCard(cards []Candidate) error {
	var list []string
	different := false
	for _, card := range cards {
		list = append(list, card.HardwareID.Origin+" "+card.HardwareID.Value)
		different = different || !card.agrees(cards[0])
	}
	if !different {
		return nil
	}
	return fault.New(ErrSeveralCards.Kind, ErrSeveralCards.Key, "count", len(list), "cards", strings.Join(list, ", "))
}
