package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"handback/app"
	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/postgres"
	"handback/app/profile"
	"handback/app/secret"
	"handback/web"
)

const (
	// graceTime is how long requests that were begun may take when the program is to end.
	graceTime = 30 * time.Second
	// maxConnections is how many browsers and programs may be connected.
	maxConnections = 20_000
	// headTime is how long the head of a request may take. Its body may take twelve times as
	// long, and so may the pause before the next; the answer may take eighteen times.
	headTime = 10 * time.Second
)

// answering returns a server that a slow visitor cannot hold.
func answering(handler http.Handler, log *slog.Logger, head time.Duration) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: head, ReadTimeout: 12 * head, WriteTimeout: 18 * head, IdleTimeout: 12 * head,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

func (c *command) serve(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.checkFlags(); err != nil {
		return err
	}
	home, kept, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer kept.close()
	secrets, err := c.secrets()
	if err != nil {
		return err
	}
	a, err := app.New(home, profile.Practice(), c.words, func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone })
	if err != nil {
		return err
	}
	kept.use(a.Journal)
	d, err := app.NewDesk(ctx, a, home, kept.desk, app.Options{Secret: func(p profile.Profile) (secret.Secret, error) {
		return secrets.of(ctx, kept.desk, p)
	}})
	if err != nil {
		return err
	}
	if d.TakePractice = c.practice; c.practice {
		if err := d.Reload(ctx); err != nil {
			return err
		}
	}
	c.warnOfSecrets(secrets, d.Profiles())
	if err := c.firstPerson(ctx, home, kept.desk); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(c.err, nil))
	server, err := c.server(ctx, d, log)
	if err != nil {
		return err
	}
	return c.answer(ctx, server, d, log)
}

// server returns what answers, as the flags say.
func (c *command) server(ctx context.Context, d *app.Desk, log *slog.Logger) (*web.Server, error) {
	o := web.Options{Public: c.public, PerAddress: c.perAddress, PerLicense: c.perLicense, Log: log}
	var err error
	if o.Proxies, err = c.trusted(); err != nil {
		return nil, err
	}
	if c.issuer != "" {
		if c.public == "" || c.client == "" {
			return nil, fault.New(fault.Usage, "desk.oidc")
		}
		key, err := secretFrom(c.openFile)
		if err != nil {
			return nil, err
		}
		if at, err := url.Parse(c.issuer); err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
			return nil, fault.New(fault.Usage, "desk.oidc_issuer", "address", c.issuer)
		}
		o.OpenID = web.NewOpenID(c.issuer, c.client, key, c.public)
		go func() { // people can log in with a password meanwhile
			if err := o.OpenID.Ready(ctx); err != nil && ctx.Err() == nil {
				log.Warn("the identity provider cannot be used yet", "issuer", c.issuer, "error", err.Error())
			}
		}()
	}
	return web.New(d, o)
}

// trusted returns the addresses that --trust-proxy names.
func (c *command) trusted() (all []netip.Prefix, err error) {
	for _, text := range c.proxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fault.New(fault.Usage, "desk.proxy", "address", text)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		all = append(all, prefix)
	}
	return all, nil
}

// firstPerson makes an administrator if the desk has no people yet, with a password in a
// file that only its owner can read. Of several programs one does so, and only that one has
// the file. It is written first: without it nobody could log in.
func (c *command) firstPerson(ctx context.Context, home string, store desk.Store) error {
	people, err := store.People(ctx)
	if err != nil || len(people) > 0 {
		return err // and no time is spent on a hash
	}
	text := rand.Text()
	hash, err := password.Hash(text)
	if err != nil {
		return err
	}
	path := filepath.Join(home, deskName, "first-password")
	p, err := desk.NewPerson("admin", desk.Administrator, hash)
	if err != nil {
		return err
	}
	first, err := store.FirstPerson(ctx, p, func() error {
		if err := durable.Folder(filepath.Dir(path)); err != nil {
			return err
		}
		return durable.Write(path, []byte(text+"\n"), true)
	})
	if err != nil || !first {
		return err
	}
	fmt.Fprintln(c.err, c.words.Text("desk.first", "name", p.Name, "path", path))
	return nil
}

// answer answers until the context ends, and then finishes what was begun.
func (c *command) answer(ctx context.Context, s *web.Server, d *app.Desk, log *slog.Logger) error {
	listener, err := c.listener(ctx)
	if err != nil {
		return err
	}
	proxies, err := c.trusted()
	if err != nil {
		return err
	}
	limited := netutil.LimitListener(newSharing(listener, maxEach, proxies), maxConnections)
	serving := answering(s.Handler(), log, headTime)
	var waiting newcomers
	serving.ConnState = waiting.note
	scheme := "http"
	var pair atomic.Pointer[tls.Certificate]
	if c.certificate != "" || c.key != "" {
		if err := c.loadPair(&pair); err != nil {
			return err
		}
		scheme = "https"
		serving.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair.Load(), nil }}
	}
	served, failed := make(chan error, 1), make(chan error, 1)
	if c.metrics != "" {
		inner, err := new(net.ListenConfig).Listen(ctx, "tcp", c.metrics)
		if err != nil {
			return fault.New(fault.Connection, "desk.listen", "address", c.metrics).Because(err)
		}
		metrics := &http.Server{Handler: s.Metrics(), ReadHeaderTimeout: 10 * time.Second}
		defer metrics.Close()
		go func() { failed <- metrics.Serve(inner) }()
	}
	go func() {
		if scheme == "https" {
			served <- serving.ServeTLS(limited, "", "")
		} else {
			served <- serving.Serve(limited)
		}
	}()
	fmt.Fprintf(c.out, "listening on %s://%s\n", scheme, listener.Addr())
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	refresh := time.NewTicker(5 * time.Second)
	defer refresh.Stop()
	for {
		select {
		case err := <-served:
			return fault.New(fault.Connection, "desk.listen", "address", listener.Addr().String()).Because(err)
		case err := <-failed:
			return fault.New(fault.Connection, "desk.listen", "address", c.metrics).Because(err)
		case <-refresh.C:
			if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
				log.Warn("profiles could not be read", "error", err.Error())
			}
		case <-hangup:
			err := d.Reload(ctx)
			if err == nil && scheme == "https" {
				err = c.loadPair(&pair)
			}
			if err != nil {
				log.Error("not reloaded", "error", err.Error())
			} else {
				log.Info("reloaded")
			}
		case <-ctx.Done():
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
			defer cancel()
			_ = limited.Close()
			if err := <-served; !errors.Is(err, net.ErrClosed) {
				log.Warn("nobody was let in any more", "error", err.Error())
			}
			serving.SetKeepAlivesEnabled(false)
			waiting.wait(grace)
			return serving.Shutdown(grace)
		}
	}
}

// newcomers are the connections that have not brought a request yet. [http.Server.Shutdown]
// would close them, although a request may be on its way.
type newcomers struct{ all sync.Map }

func (n *newcomers) note(connection net.Conn, state http.ConnState) {
	if state == http.StateNew {
		n.all.Store(connection, true)
	} else {
		n.all.Delete(connection)
	}
}

// wait waits until each has brought its request, for some seconds at most.
func (n *newcomers) wait(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		left := false
		n.all.Range(func(any, any) bool { left = true; return false })
		if !left {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (c *command) loadPair(to *atomic.Pointer[tls.Certificate]) error {
	pair, err := tls.LoadX509KeyPair(c.certificate, c.key)
	if err != nil {
		return fault.New(fault.Usage, "desk.tls").Because(err)
	}
	to.Store(&pair)
	return nil
}

// listener returns the socket that systemd passed, or one for --listen.
func (c *command) listener(ctx context.Context) (net.Listener, error) {
	const first = 3 // the number of the first file that systemd passes: sd_listen_fds(3)
	if os.Getenv("LISTEN_PID") == strconv.Itoa(os.Getpid()) && os.Getenv("LISTEN_FDS") != "" && os.Getenv("LISTEN_FDS") != "0" {
		file := os.NewFile(first, "systemd")
		defer file.Close()
		listener, err := net.FileListener(file)
		if err != nil {
			return nil, fault.New(fault.Connection, "desk.listen", "address", "systemd").Because(err)
		}
		return listener, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.listen)
	if err != nil {
		return nil, fault.New(fault.Connection, "desk.listen", "address", c.listen).Because(err)
	}
	return listener, nil
}

// deskName is the folder beside the journal, in the home folder or that of --journal.
const deskName = "desk"

// kept is where the desk's record is: the store beside the journal.
type kept struct {
	desk  desk.Store
	use   func(*journal.Journal) // makes a journal the one that is kept there
	close func()
}

// open returns the home folder, and opens the record that --journal names.
func (c *command) open(ctx context.Context) (home string, _ *kept, err error) {
	if home, err = app.Home(os.Getenv); err != nil {
		return "", nil, err
	}
	k, err := c.openIn(ctx, home)
	return home, k, err
}

// openIn opens the record; the home folder has it unless --journal says otherwise.
func (c *command) openIn(ctx context.Context, home string) (*kept, error) {
	if postgres.Is(c.store) {
		db, err := postgres.Open(ctx, c.store)
		if err != nil {
			return nil, err
		}
		return &kept{desk: db, close: func() { _ = db.Close() }, use: func(j *journal.Journal) { j.Folder, j.Store = "", db.Journal() }}, nil
	}
	folder := cmp.Or(c.store, home)
	store, err := desk.OpenFiles(filepath.Join(folder, deskName))
	if err != nil {
		return nil, err
	}
	return &kept{desk: store, close: func() { _ = store.Close() },
		use: func(j *journal.Journal) { j.Folder = filepath.Join(folder, "journal") }}, nil
}
