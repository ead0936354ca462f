package machine

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"handback/app/fault"
)

// systemUUID returns the system UUID in the result of GetSystemFirmwareTable('RSMB').
// That is RawSMBIOSData: four bytes of versions, the length of the table in four bytes,
// and the table (DSP0134, section 6). The UUID is that of the first structure of type 1,
// its first three fields little-endian, in upper case with dashes. Errors are faults: the
// table is damaged, or has no UUID.
func systemUUID(raw []byte) (string, error) {
	const (
		header      = 8
		system      = 1
		endOfTable  = 127
		uuidAt      = 8 // in structures of version 2.1 and later
		uuidBytes   = 16
		formattedAt = 4 // after type, length and handle
	)
	damaged := fault.New(fault.Hardware, "machine.smbios_damaged")
	if len(raw) < header {
		return "", damaged
	}
	length := binary.LittleEndian.Uint32(raw[4:header])
	table := raw[header:]
	if uint64(length) > uint64(len(table)) {
		return "", damaged
	}
	for table = table[:length]; len(table) > 0; {
		if len(table) < formattedAt || int(table[1]) < formattedAt || int(table[1]) > len(table) {
			return "", damaged
		}
		kind, formatted, rest := table[0], table[:table[1]], table[table[1]:]
		switch {
		case kind == system && len(formatted) >= uuidAt+uuidBytes:
			return uuidText(formatted[uuidAt:][:uuidBytes]), nil
		case kind == system || kind == endOfTable:
			return "", fault.New(fault.Hardware, "machine.smbios_without_uuid")
		}
		end := bytes.Index(rest, []byte{0, 0}) // ends the strings, even if there are none
		if end < 0 {
			return "", damaged
		}
		table = rest[end+2:]
	}
	return "", fault.New(fault.Hardware, "machine.smbios_without_uuid")
}

func uuidText(b []byte) string {
	little := binary.LittleEndian
	return fmt.Sprintf("%08X-%04X-%04X-%X-%X", little.Uint32(b), little.Uint16(b[4:]), little.Uint16(b[6:]), b[8:10], b[10:16])
}
