//go:build windows

package machine

import (
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Local returns this computer.
func Local() *Computer { return onWindows(firmwareTable, machineGUID, interfaces, realLibrary) }

var getSystemFirmwareTable = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemFirmwareTable")

// maxTable limits a raw SMBIOS table, in bytes. The length in version 2 has 16 bits; the
// largest of version 3 have some tens of kilobytes.
const maxTable = 1 << 20

// firmwareTable returns the raw SMBIOS table. The system call returns the size that it
// needs, or 0 and an error.
func firmwareTable() ([]byte, error) {
	if err := getSystemFirmwareTable.Find(); err != nil {
		return nil, err
	}
	const provider = 'R'<<24 | 'S'<<16 | 'M'<<8 | 'B'
	size, _, err := getSystemFirmwareTable.Call(provider, 0, 0, 0)
	if size == 0 {
		return nil, err
	}
	table := make([]byte, min(size, maxTable))
	written, _, err := getSystemFirmwareTable.Call(provider, 0, uintptr(unsafe.Pointer(&table[0])), uintptr(len(table)))
	switch {
	case written == 0:
		return nil, err
	case written > uintptr(len(table)): // it needs more space, and has written nothing
		return nil, windows.ERROR_INSUFFICIENT_BUFFER
	}
	return table[:written], nil
}

// machineGUID returns the unchanged MachineGuid from the 64-bit view of the registry,
// even in a 32-bit program.
func machineGUID() (string, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return "", err
	}
	defer key.Close()
	guid, _, err := key.GetStringValue("MachineGuid")
	return guid, err
}
