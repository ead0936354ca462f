package portal

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	service  = "org.freedesktop.portal.Desktop"
	object   = dbus.ObjectPath("/org/freedesktop/portal/desktop")
	chooser  = "org.freedesktop.portal.FileChooser"
	response = "org.freedesktop.portal.Request.Response"
	owner    = "org.freedesktop.DBus.NameOwnerChanged"
)

// startTime is how long the dialog may take to appear.
var startTime = 5 * time.Second

// The forms in which the portal takes filters and choices: a(sa(us)) and a(ssa(ss)s).
type (
	rule struct {
		Kind    uint32 // 0: a pattern of names
		Pattern string
	}
	filter struct {
		Name  string
		Rules []rule
	}
	value  struct{ ID, Label string }
	choice struct {
		ID, Label string
		Values    []value // none: a check box
		Initial   string
	}
)

// Choose shows the dialog and returns the absolute paths that were chosen, or none if it
// was cancelled. It waits for the person, at most until ctx is done, which closes the
// dialog.
func Choose(ctx context.Context, q Question) ([]string, error) {
	address := busAddress()
	if address == "" {
		return nil, ErrNone
	}
	bus, err := dbus.Connect(address) // of its own: its signals are all for this dialog, and closing it closes the dialog
	if err != nil {
		return nil, ErrNone.Because(err)
	}
	defer bus.Close()
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	handle, err := show(ctx, bus, q)
	if err != nil {
		return nil, ErrNone.Because(err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case s, open := <-signals:
			switch {
			case !open:
				return nil, ErrNone
			case s.Name == response && s.Path == handle:
				return answer(s.Body)
			case s.Name == owner && len(s.Body) == 3 && s.Body[0] == service && s.Body[2] == "":
				return nil, ErrNone // the dialog is gone with it
			}
		}
	}
}

// busAddress returns the address of the session's bus, or "" if there is none. The library
// would start one.
func busAddress() string {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" {
		return address
	}
	socket := filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")
	if _, err := os.Stat(socket); err != nil || !filepath.IsAbs(socket) {
		return ""
	}
	return "unix:path=" + socket
}

// show opens the dialog and returns the object that will answer.
func show(ctx context.Context, bus *dbus.Conn, q Question) (handle dbus.ObjectPath, err error) {
	ctx, stop := context.WithTimeout(ctx, startTime)
	defer stop()
	desktop := bus.Object(service, object)
	var version dbus.Variant // a portal without a dialog does not have it
	if err := desktop.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, chooser, "version").Store(&version); err != nil {
		return "", err
	}
	token := "handback" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(bus.Names()[0], ":"), ".", "_")
	expected := object + "/request/" + dbus.ObjectPath(sender+"/"+token)
	for _, match := range [][]dbus.MatchOption{ // before the call: the answer may come first
		{dbus.WithMatchObjectPath(expected), dbus.WithMatchInterface("org.freedesktop.portal.Request"), dbus.WithMatchMember("Response")},
		{dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, service)},
	} {
		if err := bus.AddMatchSignalContext(ctx, match...); err != nil {
			return "", err
		}
	}
	err = desktop.CallWithContext(ctx, chooser+".OpenFile", 0, q.Parent, q.Title, q.options(token)).Store(&handle)
	return handle, err
}

// options returns the options of OpenFile.
func (q Question) options(token string) map[string]dbus.Variant {
	all := map[string]any{"handle_token": token, "modal": true, "multiple": q.Many, "directory": q.Folders}
	if q.Accept != "" {
		all["accept_label"] = q.Accept
	}
	if q.Folder != "" {
		all["current_folder"] = append([]byte(q.Folder), 0)
	}
	if len(q.Patterns) > 0 {
		one := filter{Name: strings.Join(q.Patterns, ", ")}
		for _, pattern := range q.Patterns {
			one.Rules = append(one.Rules, rule{Pattern: pattern})
		}
		all["filters"] = []filter{one}
	}
	if q.Whole != "" {
		all["choices"] = []choice{{ID: "whole", Label: q.Whole, Values: []value{}, Initial: "false"}}
	}
	options := map[string]dbus.Variant{}
	for name, v := range all {
		options[name] = dbus.MakeVariant(v)
	}
	return options
}

// answer returns the paths in a response: its status, 0 if something was chosen, and its
// results.
func answer(body []any) ([]string, error) {
	var status uint32
	var results struct {
		URIs    []string
		Choices []value
	}
	members := map[string]dbus.Variant{}
	if err := dbus.Store(body, &status, &members); err != nil {
		return nil, ErrNone.Because(err)
	}
	if status != 0 {
		return nil, nil
	}
	for name, to := range map[string]any{"uris": &results.URIs, "choices": &results.Choices} {
		if v, there := members[name]; there {
			if err := v.Store(to); err != nil {
				return nil, ErrNone.Because(err)
			}
		}
	}
	var paths []string
	for _, uri := range results.URIs {
		if u, err := url.Parse(uri); err == nil && u.Scheme == "file" && filepath.IsAbs(u.Path) {
			paths = append(paths, u.Path)
		}
	}
	for _, c := range results.Choices {
		if c.ID == "whole" && c.Label == "true" && len(paths) > 0 {
			return []string{filepath.Dir(paths[0])}, nil
		}
	}
	return paths, nil
}
