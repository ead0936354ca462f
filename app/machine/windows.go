//go:build windows

package machine

import (
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Local gives this machine.
func Local() *Computer { return onWindows(firmwareTable, machineGUID, interfaces, realLibrary) }

var getSystemFirmwareTable = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemFirmwareTable")

// maxTable bounds a raw SMBIOS table, in bytes. Version 2 counts its length in
// 16 bits; the largest of version 3 have some tens of kilobytes.
const maxTable = 1 << 20

// firmwareTable gives the raw SMBIOS table. The call answers with the size it
// needs, or with nothing and an error.
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
	case written > uintptr(len(table)): // it asks for more room, and has written nothing
		return nil, windows.ERROR_INSUFFICIENT_BUFFER
	}
	return table[:written], nil
}

// machineGUID gives the MachineGuid as it is stored, from the 64-bit view,
// whatever this program was built for.
func machineGUID() (string, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return "", err
	}
	defer key.Close()
	guid, _, err := key.GetStringValue("MachineGuid")
	return guid, err
}
