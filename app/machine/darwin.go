//go:build darwin

package machine

// Local gives this machine. The library runs the system's ioreg for its ID.
func Local() *Computer { return onMac(interfaces, realLibrary) }
