package machine

import (
	"io/fs"
	"strconv"
	"strings"

	"github.com/denisbrodbeck/machineid"

	"handback/app/fault"
	"handback/app/words"
)

// library is github.com/denisbrodbeck/machineid, or a fake in tests. Both functions may
// return an empty text without an error: id for an empty file, and protectedID then uses
// an empty key.
type library struct {
	id          func() (string, error)
	protectedID func(applicationID string) (string, error)
}

var realLibrary = library{machineid.ID, machineid.ProtectedID}

// sources has a row of each source that can be read from a machine, the default first:
// its name, as a profile spells it, and what reads it on each system.
var sources = []struct {
	name    Source
	linux   func(linuxParts, Source) reader
	windows func(windowsParts, Source) reader
	mac     func(macParts, Source) reader // nil: nobody has described how it is made there
}{
	{LicenseSpring, linuxParts.hashed, windowsParts.hashedUUID, nil},
	{LicenseSpringCryptography, linuxParts.hashed, windowsParts.hashedGUID, nil},
	{MachineID, linuxParts.machineIDs, windowsParts.machineID, macParts.machineID},
	{ProtectedID, linuxParts.protectedID, windowsParts.protectedID, macParts.protectedID},
	{MACDecimal, linuxParts.cards, windowsParts.cards, macParts.cards},
}

// Sources gives every source that can be read from the machine, the default
// first: all but Typed.
func Sources() []Source {
	var all []Source
	for _, row := range sources {
		all = append(all, row.name)
	}
	return all
}

// SourceNames lists the names of Sources, for a message.
func SourceNames() string {
	var all []string
	for _, source := range Sources() {
		all = append(all, string(source))
	}
	return strings.Join(all, ", ")
}

// linuxParts are what is read on a machine that keeps its IDs in files, as Linux does.
type linuxParts struct {
	disk disk
	lib  library
}

func onLinux(root fs.FS, lib library) *Computer {
	parts := linuxParts{disk{root}, lib}
	readers := map[Source]reader{}
	for _, row := range sources {
		if row.linux != nil {
			readers[row.name] = parts.disk.placed(row.linux(parts, row.name))
		}
	}
	return &Computer{readers: readers}
}

func (p linuxParts) hashed(source Source) reader {
	return one(func() Candidate { return p.disk.licenseSpring(source) })
}

func (p linuxParts) machineIDs(Source) reader {
	return func(string) []Candidate { return p.disk.machineIDs(p.lib) }
}

func (p linuxParts) protectedID(Source) reader {
	return p.lib.protected(func() Candidate { return p.disk.machineID(p.lib) })
}

func (p linuxParts) cards(Source) reader { return fromCards(p.disk.cards) }

// windowsParts are what is read on Windows: the raw firmware table, the MachineGuid and
// the network cards.
type windowsParts struct {
	firmware  func() ([]byte, error)
	guid      func() (string, error)
	cardsHere func() ([]card, error)
	lib       library
}

// onWindows returns a Windows machine, with its raw firmware table, its MachineGuid and
// its network cards.
func onWindows(firmware func() ([]byte, error), guid func() (string, error), cards func() ([]card, error), lib library) *Computer {
	parts := windowsParts{firmware, guid, cards, lib}
	readers := map[Source]reader{}
	for _, row := range sources {
		if row.windows != nil {
			readers[row.name] = row.windows(parts, row.name)
		}
	}
	return &Computer{readers: readers}
}

const guidOrigin = `HKLM\SOFTWARE\Microsoft\Cryptography\MachineGuid`

func (p windowsParts) hashedUUID(source Source) reader {
	const origin = "SMBIOS system UUID"
	return one(func() Candidate {
		table, err := p.firmware()
		if err != nil {
			return unreadable(source, origin, err)
		}
		uuid, err := systemUUID(table)
		if err != nil {
			return failure(source, origin, err)
		}
		return found(source, uuid, origin, hashed, nil)
	})
}

func (p windowsParts) hashedGUID(source Source) reader {
	return one(func() Candidate {
		id, err := p.guid()
		if err != nil {
			return unreadable(source, guidOrigin, err)
		}
		return found(source, id, guidOrigin, hashed, likeUUID.doubts(id, guidOrigin))
	})
}

func (p windowsParts) machineID(Source) reader {
	return one(func() Candidate { return p.lib.machineID(guidOrigin) })
}

func (p windowsParts) protectedID(Source) reader {
	return p.lib.protected(func() Candidate { return p.lib.machineID(guidOrigin) })
}

func (p windowsParts) cards(Source) reader { return fromCards(p.cardsHere) }

// macParts are what is read on a Macintosh.
type macParts struct {
	cardsHere func() ([]card, error)
	lib       library
}

func onMac(cards func() ([]card, error), lib library) *Computer {
	parts := macParts{cards, lib}
	readers := map[Source]reader{}
	var described []string
	for _, row := range sources {
		if row.mac != nil {
			described = append(described, string(row.name))
		}
	}
	for _, row := range sources {
		if row.mac != nil {
			readers[row.name] = row.mac(parts, row.name)
			continue
		}
		unknown := fault.New(ErrUnknownOnMacOS.Kind, ErrUnknownOnMacOS.Key, "sources", strings.Join(described, ", "))
		readers[row.name] = one(func() Candidate { return failure(row.name, "", unknown) })
	}
	return &Computer{readers: readers}
}

const macOrigin = "IOPlatformUUID"

func (p macParts) machineID(Source) reader {
	return one(func() Candidate { return p.lib.machineID(macOrigin) })
}

func (p macParts) protectedID(Source) reader {
	return p.lib.protected(func() Candidate { return p.lib.machineID(macOrigin) })
}

func (p macParts) cards(Source) reader { return fromCards(p.cardsHere) }

// machineID returns the library's machine ID on a system where it is a UUID from one
// place.
func (l library) machineID(origin string) Candidate {
	id, err := l.id()
	if err != nil {
		return unreadable(MachineID, origin, err)
	}
	return found(MachineID, id, origin, asIs, likeUUID.doubts(id, origin))
}

// protected returns a reader of the library's protected ID. It first checks the machine
// ID, which is its key.
func (l library) protected(machineID func() Candidate) reader {
	return func(applicationID string) []Candidate {
		if applicationID == "" {
			return []Candidate{failure(ProtectedID, "", ErrNoApplicationID)}
		}
		key := machineID()
		origin := key.HardwareID.Origin
		if key.failed() {
			return []Candidate{failure(ProtectedID, origin, key.Err)}
		}
		id, err := l.protectedID(applicationID)
		if err != nil {
			return []Candidate{unreadable(ProtectedID, origin, err)}
		}
		return []Candidate{found(ProtectedID, id, origin, asIs, key.HardwareID.Doubts)}
	}
}

// card is a network card with its name and its address, such as "02:00:5e:10:00:01".
type card struct{ name, address string }

// fromCards returns a reader with a candidate for each card that has a 48-bit address
// other than zero. A loopback, a tunnel and InfiniBand have none.
func fromCards(list func() ([]card, error)) reader {
	return func(string) []Candidate {
		cards, err := list()
		if err != nil {
			return []Candidate{unreadable(MACDecimal, "network cards", err)}
		}
		var candidates []Candidate
		for _, card := range cards {
			address, ok := macNumber(card.address)
			if !ok {
				continue
			}
			name := words.Visible(card.name, shown)
			decimal := strconv.FormatUint(address, 10)
			candidates = append(candidates, found(MACDecimal, decimal, name, asIs, localDoubts(address, name)))
		}
		if candidates == nil {
			return []Candidate{failure(MACDecimal, "", fault.New(fault.Hardware, "machine.no_card"))}
		}
		return candidates
	}
}

func macNumber(address string) (uint64, bool) {
	digits := strings.ReplaceAll(address, ":", "")
	number, err := strconv.ParseUint(digits, 16, 48)
	return number, err == nil && len(digits) == 12 && number != 0
}

// localDoubts returns a doubt about an address that was made up on the machine (bit 0x02
// of its first byte): it may change with a restart, and Python's uuid.getnode prefers a
// card with a maker's address.
func localDoubts(address uint64, name string) []Doubt {
	if address>>40&0x02 == 0 {
		return nil
	}
	return []Doubt{words.Say("machine.doubt.local_address", "card", name)}
}
