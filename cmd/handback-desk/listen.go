package main

import (
	"net"
	"net/netip"
	"slices"
	"sync"

	"handback/web"
)

// maxEach is how many connections one visitor may have.
const maxEach = 200

// sharing is a listener that closes new connections of a visitor who has as many as one may
// have.
type sharing struct {
	net.Listener
	each    int
	proxies []netip.Prefix // whose connections are of many visitors, and are not counted

	mu   sync.Mutex
	open map[string]int // by web.Network
}

func newSharing(l net.Listener, each int, proxies []netip.Prefix) *sharing {
	return &sharing{Listener: l, each: each, proxies: proxies, open: map[string]int{}}
}

// Accept implements [net.Listener].
func (s *sharing) Accept() (net.Conn, error) {
	for {
		connection, err := s.Listener.Accept()
		if err != nil {
			return nil, err
		}
		visitor := s.visitor(connection)
		if visitor == "" {
			return connection, nil
		}
		if s.enter(visitor) {
			return &shared{Conn: connection, leave: sync.OnceFunc(func() { s.leave(visitor) })}, nil
		}
		_ = connection.Close()
	}
}

// visitor returns whose a connection is, or "" if it is not counted.
func (s *sharing) visitor(connection net.Conn) string {
	at, err := netip.ParseAddrPort(connection.RemoteAddr().String())
	if err != nil {
		return "" // no address of a network
	}
	address := at.Addr().Unmap()
	if slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(address) }) {
		return ""
	}
	return web.Network(address.String())
}

func (s *sharing) enter(visitor string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[visitor] >= s.each {
		return false
	}
	s.open[visitor]++
	return true
}

func (s *sharing) leave(visitor string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[visitor]--; s.open[visitor] == 0 {
		delete(s.open, visitor)
	}
}

// shared is a connection that is counted until it is closed.
type shared struct {
	net.Conn
	leave func()
}

func (s *shared) Close() error {
	defer s.leave()
	return s.Conn.Close()
}
