//go:build darwin

package machine

// Local returns this computer. For the machine ID, the library runs the system's ioreg.
func Local() *Computer { return onMac(interfaces, realLibrary) }
