package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxBody is the largest body of a request, in bytes: some photographs.
	maxBody = 48 << 20
	// maxForm is how much of a form is held in memory; the rest goes to temporary files.
	maxForm = 8 << 20
	// maxSmall is the largest body where no pictures are brought.
	maxSmall = 2 << 20

	// largeBody is the size, in bytes, from which on a body takes a place: there are
	// maxLarge, of which one address gets maxLargeEach. A visitor waits placeTime for one.
	largeBody    = 128 << 10
	maxLarge     = 16
	maxLargeEach = 4
	placeTime    = 10 * time.Second

	securityPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
		"media-src 'self' blob:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// secured sets what tells browsers to keep others out.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", securityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // addresses have a visitor's token
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if scheme(r) == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// bounded bounds bodies, and how many large ones are held at the same time: they are in
// memory.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(maxSmall)
		if r.Method == http.MethodPost && slices.Contains(bringing, r.URL.Path) {
			limit = maxBody
		}
		if r.ContentLength < 0 || r.ContentLength > largeBody {
			free, err := s.places.take(r.Context(), peerOf(r).network())
			if err != nil {
				w.Header().Set("Connection", "close") // the body is not read
				s.page(func(*visit) error { return errBusy })(w, r)
				return
			}
			defer free()
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll()
		}
	})
}

// bringing are the addresses to which pictures are brought.
var bringing = []string{"/look", "/requests", "/api/v1/requests"}

// places are for large bodies.
type places struct {
	all chan struct{}

	mu   sync.Mutex
	each map[string]int // by address
}

func newPlaces() *places {
	return &places{all: make(chan struct{}, maxLarge), each: map[string]int{}}
}

// take waits for a place, and returns what frees it.
func (p *places) take(ctx context.Context, address string) (free func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, placeTime)
	defer cancel()
	for !p.own(address) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	select {
	case p.all <- struct{}{}:
		return func() { <-p.all; p.leave(address) }, nil
	case <-ctx.Done():
		p.leave(address)
		return nil, ctx.Err()
	}
}

// own counts a place of an address, unless it has all that it gets.
func (p *places) own(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.each[address] >= maxLargeEach {
		return false
	}
	p.each[address]++
	return true
}

func (p *places) leave(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.each[address]--; p.each[address] == 0 {
		delete(p.each, address)
	}
}

// peer is who sent a request, behind any proxies that are trusted.
type peer struct {
	address string
	scheme  string // http or https
	id      string // of the request, for the log
}

// network returns what is counted as one visitor.
func (p peer) network() string { return Network(p.address) }

// Network returns what is counted as one visitor of an address: the address itself, of IPv6 the
// first 64 bits, of which a visitor has all others.
func Network(visitor string) string {
	address, err := netip.ParseAddr(visitor)
	if err != nil || address.Is4() {
		return visitor
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return visitor
	}
	return prefix.String()
}

type peerKey struct{}

func peerOf(r *http.Request) peer {
	p, _ := r.Context().Value(peerKey{}).(peer)
	return p
}

func scheme(r *http.Request) string { return peerOf(r).scheme }

// peer returns who sent a request. What a proxy says counts only if its address is trusted;
// of several the last that is not trusted is the peer.
func (s *Server) peer(r *http.Request) peer {
	p := peer{scheme: "http", id: rand.Text()[:12]}
	if r.TLS != nil {
		p.scheme = "https"
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	p.address = host
	if !s.trusted(host) {
		return p
	}
	if proto := r.Header.Get("X-Forwarded-Proto"); proto == "https" || proto == "http" {
		p.scheme = proto
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, one := range slices.Backward(forwarded) {
		address, err := netip.ParseAddr(strings.TrimSpace(one))
		if err != nil { // some proxies add the port
			with, err := netip.ParseAddrPort(strings.TrimSpace(one))
			if err != nil {
				break
			}
			address = with.Addr()
		}
		p.address = address.Unmap().WithZone("").String()
		if !s.trusted(p.address) {
			break
		}
	}
	return p
}

func (s *Server) trusted(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.options.Proxies, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
}

// observed counts and logs requests. Addresses of pages have tokens, so that only the
// pattern is logged.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.options.Now()
		p := s.peer(r)
		r = r.WithContext(context.WithValue(r.Context(), peerKey{}, p))
		noted := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if cause := recover(); cause != nil {
				s.options.Log.Error("panic", "id", p.id, "pattern", r.Pattern, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				if !noted.wrote {
					http.Error(noted, "internal error", http.StatusInternalServerError)
				}
			}
			took := s.options.Now().Sub(began)
			s.figures.answered(r.Pattern, noted.status, took)
			if !strings.HasPrefix(r.Pattern, "GET /static/") && !strings.HasSuffix(r.Pattern, "z") {
				s.options.Log.Info("answered", "id", p.id, "pattern", r.Pattern, "status", noted.status, "took", took.Round(time.Microsecond).String(), "address", p.address)
			}
		}()
		next.ServeHTTP(noted, r)
	})
}

// statusWriter notes the status of a reply.
type statusWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(data []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(data)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
