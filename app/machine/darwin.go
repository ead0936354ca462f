//go:build darwin

package machine

// Here gives this machine. The library runs the system's ioreg for its ID.
func Here() *Computer { return onMac(interfaces, realLibrary) }
