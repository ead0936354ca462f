package machine

import (
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

// onWindows returns a Windows machine, with its raw firmware table, its MachineGuid and
// its network cards.
func onWindows(firmware func() ([]byte, error), guid func() (string, error), cards func() ([]card, error), lib library) *Computer {
	const (
		uuidOrigin = "SMBIOS system UUID"
		guidOrigin = `HKLM\SOFTWARE\Microsoft\Cryptography\MachineGuid`
	)
	system := func() Candidate {
		table, err := firmware()
		if err != nil {
			return unreadable(LicenseSpring, uuidOrigin, err)
		}
		uuid, err := systemUUID(table)
		if err != nil {
			return failure(LicenseSpring, uuidOrigin, err)
		}
		return found(LicenseSpring, uuid, uuidOrigin, hashed, nil)
	}
	cryptography := func() Candidate {
		id, err := guid()
		if err != nil {
			return unreadable(LicenseSpringCryptography, guidOrigin, err)
		}
		return found(LicenseSpringCryptography, id, guidOrigin, hashed, likeUUID.doubts(id, guidOrigin))
	}
	machineID := func() Candidate { return lib.machineID(guidOrigin) }
	return &Computer{readers: map[Source]reader{
		LicenseSpring:             one(system),
		LicenseSpringCryptography: one(cryptography),
		MachineID:                 one(machineID),
		ProtectedID:               lib.protected(machineID),
		MACDecimal:                fromCards(cards),
	}}
}

// onMac returns a Macintosh. How the vendor's generator computes its ID there is not
// documented, so it is not guessed.
func onMac(cards func() ([]card, error), lib library) *Computer {
	machineID := func() Candidate { return lib.machineID("IOPlatformUUID") }
	unknown := func(source Source) reader {
		return one(func() Candidate { return failure(source, "", ErrUnknownOnMacOS) })
	}
	return &Computer{readers: map[Source]reader{
		LicenseSpring:             unknown(LicenseSpring),
		LicenseSpringCryptography: unknown(LicenseSpringCryptography),
		MachineID:                 one(machineID),
		ProtectedID:               lib.protected(machineID),
		MACDecimal:                fromCards(cards),
	}}
}

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
