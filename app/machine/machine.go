// Package machine reads hardware IDs, from each source on each system. A license is
// released only under the hardware ID with which it was activated. Nothing on the machine
// says which source that was: the vendor's profile says it, or a person.
//
// [Local] returns this computer, and [Computer.HardwareID] reads one source:
//
//	id, err := machine.Local().HardwareID(machine.LicenseSpring, "")
//
// A [HardwareID] has its value, where it was read, and the reasons why it may be the
// wrong one, as [Doubt] values. [Computer.All] reads all sources, for a person to choose
// from, [Check] returns the doubts about an ID that was typed, and [FromLicenseFile]
// finds the ID of a dead computer in a file of it.
package machine

import (
	"slices"
	"strings"
	"sync"

	"handback/app/fault"
	"handback/app/words"
)

// Source names a way of computing a hardware ID, as hardware.source in the profile and
// --hardware-source on the command line spell it.
type Source string

// The sources.
const (
	// LicenseSpring is the vendor's SDK-independent generator, algorithms 0, 2
	// and 4: the SHA-256, in lowercase hex, of the machine ID (Linux) or of the
	// SMBIOS system UUID (Windows).
	LicenseSpring Source = "licensespring"
	// LicenseSpringCryptography is its algorithm 3: SHA-256 of the MachineGuid
	// on Windows, the same as LicenseSpring elsewhere.
	LicenseSpringCryptography Source = "licensespring-cryptography"
	// MachineID is the unchanged machine ID: the Python SDK's PlatformIdProvider,
	// and older C++ and .NET SDKs on Linux.
	MachineID Source = "machine-id"
	// ProtectedID is the hex HMAC-SHA256 over an application ID, keyed by the
	// machine ID: version 1 of the Go SDK.
	ProtectedID Source = "protected-id"
	// MACDecimal is a network card's address as a decimal number: Python's
	// uuid.getnode().
	MACDecimal Source = "mac-decimal"
	// Typed is an ID that a person types: an application can set its own.
	Typed Source = "typed"
)

// Valid reports whether s is one of the sources, including [Typed].
func (s Source) Valid() bool { return s == Typed || slices.Contains(Sources(), s) }

// Errors to compare with errors.Is.
var (
	// ErrSeveralCards means that a person has to choose one of several network cards.
	ErrSeveralCards = fault.New(fault.Hardware, "machine.several_cards")
	// ErrChanged means that a second reading returned another ID.
	ErrChanged = fault.New(fault.Hardware, "machine.changed")
	// ErrUnknownOnMacOS means that the vendor's own ID on macOS is asked for. How it is made
	// there is not documented, so it is not guessed.
	ErrUnknownOnMacOS = fault.New(fault.Hardware, "machine.unknown_on_macos")
	// ErrNoApplicationID means that a profile has ProtectedID but no application_id.
	ErrNoApplicationID = fault.New(fault.Input, "machine.no_application_id")
	// ErrTyped means that an ID of the source Typed cannot be read.
	ErrTyped = fault.New(fault.Usage, "machine.typed")
)

// HardwareID is a hardware ID of this machine from one source.
type HardwareID struct {
	Value  string
	Source Source
	Origin string  // a file, "SMBIOS system UUID", a registry value, or a network card's name
	Doubts []Doubt // reasons why this may be the wrong one
}

// Candidate is a hardware ID, or the reason why there is none. Its Source is always set.
type Candidate struct {
	HardwareID HardwareID
	Err        error // a fault
}

// Computer reads the hardware IDs of a machine. [Local] returns this one.
type Computer struct {
	readers map[Source]reader

	mu   sync.Mutex
	seen map[reading]Candidate // guarded by mu
}

// reading is a key of Computer.seen.
type reading struct {
	source        Source
	applicationID string
}

// reader returns the candidates of a source, at least one, the likeliest first.
type reader func(applicationID string) []Candidate

// one returns a reader for a single candidate, without an application ID.
func one(read func() Candidate) reader {
	return func(string) []Candidate { return []Candidate{read()} }
}

// HardwareID reads a source twice, and returns the ID if both readings agree. If two
// files have different machine IDs, it returns that of the first file, with a doubt. If
// there are several network cards, it fails with [ErrSeveralCards]. Only [ProtectedID]
// uses the application ID. Errors are faults of kind Hardware, unless the source or the
// application ID is wrong.
func (c *Computer) HardwareID(source Source, applicationID string) (HardwareID, error) {
	candidates := c.candidates(source, applicationID)
	if source == MACDecimal {
		if err := oneCard(candidates); err != nil {
			return HardwareID{Source: source}, err
		}
	}
	return candidates[0].HardwareID, candidates[0].Err
}

// Cached returns what HardwareID returned before for the same source and application ID,
// including an error. It reads the source only the first time, because on a Mac this
// starts a program. Use it while a person types.
func (c *Computer) Cached(source Source, applicationID string) (HardwareID, error) {
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

// Forget clears the cache of [Computer.Cached].
func (c *Computer) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.seen)
}

// All reads all sources, in the order of [Sources], and returns all candidates of each:
// every network card, and both machine IDs if two files differ.
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

// agrees reports whether two candidates have the same value. Two failures agree: both
// have an empty value.
func (c Candidate) agrees(other Candidate) bool { return c.HardwareID.Value == other.HardwareID.Value }

func failure(source Source, origin string, err error) Candidate {
	return Candidate{HardwareID{Source: source, Origin: origin}, err}
}

func unreadable(source Source, origin string, cause error) Candidate {
	return failure(source, origin, fault.New(fault.Hardware, "machine.unreadable", "origin", origin).Because(cause))
}

// found returns a candidate for a text that was read, or the reason why it cannot be one.
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

// oneCard fails if the cards' values differ. Cards that share an address, such as a
// bridge and its port, count as one.
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
