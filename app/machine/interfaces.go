//go:build windows || darwin

package machine

import "net"

// interfaces lists the network cards. These systems have no files for them. Windows
// answers with GetAdaptersAddresses and macOS with sysctl; neither opens a socket.
func interfaces() ([]card, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var cards []card
	for _, one := range all {
		if one.Flags&net.FlagLoopback == 0 {
			cards = append(cards, card{one.Name, one.HardwareAddr.String()})
		}
	}
	return cards, nil
}
