// Package web is the desk in a browser: the pages on which visitors bring requests, those
// on which the desk's people decide about them, and the interface for other programs. It
// calls [app.Desk] and holds no rule of the job.
//
// # Pages
//
// A visitor needs neither an account nor cookies nor JavaScript. Forms bring what was
// scanned, chosen or typed to /look, which shows what it says, and from there to /requests.
// Scripts only help: reader.js fills in the forms and reads codes with the camera, by
// WebAssembly, so that no picture leaves the phone; wait.js asks whether what a page waits for
// has come.
//
// The desk's people log in at /desk/login. Each page below /desk takes a right; see
// [desk.Right].
//
// # Programs
//
// POST /api/v1/requests takes a request in any form and answers with JSON; openapi.yaml
// describes it.
package web

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"handback/app"
	"handback/app/brand"
	"handback/app/words"
)

//go:embed pages/*.html
var pages embed.FS

// Options says how a [Server] works. The zero value is right for trying it out.
type Options struct {
	// Public is the address under which visitors reach the server, such as
	// https://desk.example; empty: programs are told paths. What a request says of its host
	// is believed nowhere.
	Public string
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto count.
	Proxies []netip.Prefix
	// PerAddress and PerLicense are how many requests an address may bring in an hour, and
	// how many may come about one license; 0: 600 and 20.
	PerAddress, PerLicense int
	// OpenID lets people log in through an identity provider; nil: by password alone.
	OpenID *OpenID
	Log    *slog.Logger // nil: nothing is logged
	Now    func() time.Time
}

// Server answers browsers and programs. Use [Server.Handler], and [Server.Metrics] on an
// address of its own.
type Server struct {
	desk    *app.Desk
	options Options
	words   map[string]*words.Words       // by language
	pages   map[string]*template.Template // by language
	figures figures
	places  *places
	// searchTime is how long the history is searched for one page.
	searchTime time.Duration
}

// New returns a server for a desk.
func New(d *app.Desk, o Options) (*Server, error) {
	o.PerAddress = cmp.Or(o.PerAddress, 600)
	o.PerLicense = cmp.Or(o.PerLicense, 20)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{desk: d, options: o, figures: newFigures(), places: newPlaces(), searchTime: 2 * time.Second,
		words: map[string]*words.Words{}, pages: map[string]*template.Template{}}
	for _, language := range words.Languages() {
		w := words.For(language).In(place)
		set, err := template.New("").Funcs(functions(w)).ParseFS(pages, "pages/*.html")
		if err != nil {
			return nil, err
		}
		s.words[w.Language()], s.pages[w.Language()] = w, set
	}
	return s, nil
}

// Handler returns what answers at the server's public address.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page(s.showStart))
	mux.HandleFunc("POST /look", s.page(s.look))
	mux.HandleFunc("POST /requests", s.page(s.receive))
	mux.HandleFunc("GET /requests/{code}/{token}", s.page(s.showFiled))
	mux.HandleFunc("POST /api/v1/requests", s.receiveAPI)
	mux.HandleFunc("GET /api/v1/requests/{code}/{token}", s.filedAPI)
	mux.HandleFunc("GET /api/v1/openapi.yaml", func(w http.ResponseWriter, r *http.Request) {
		theFiles().serve(w, r, "openapi.yaml", false)
	})

	mux.HandleFunc("GET /desk/login", s.page(s.showLogin))
	mux.HandleFunc("POST /desk/login", s.page(s.logIn))
	mux.HandleFunc("POST /desk/logout", s.page(s.logOut))
	if s.options.OpenID != nil {
		mux.HandleFunc("GET /desk/openid", s.page(s.startOpenID))
		mux.HandleFunc("GET /desk/openid/back", s.page(s.endOpenID))
	}
	for _, r := range s.deskRoutes() {
		mux.HandleFunc(r.pattern, s.page(s.allowed(r.right, r.handler)))
	}

	mux.Handle("GET /static/", theFiles())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("/", s.page(func(*visit) error { return errNoPage }))

	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(s.page(func(*visit) error { return errOrigin }))
	return s.observed(secured(origins.Handler(s.bounded(mux))))
}

// ready answers whether requests can be taken in now, for a load balancer.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := errors.Join(s.desk.Store.Ready(ctx), s.desk.App().Journal.Ready(ctx)); err != nil {
		s.options.Log.Warn("not ready", "error", err.Error())
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// name is what the desk goes by.
func name() string { return brand.Current().Name }
