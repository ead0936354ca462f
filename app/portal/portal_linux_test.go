package portal

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// desktop is a portal on a bus of its own, which answers as a person at a dialog would.
type desktop struct {
	bus  *dbus.Conn
	asks chan asked
	do   func(d *desktop, sender string, handle dbus.ObjectPath) // after the dialog was opened
}

// asked is what the portal was asked for.
type asked struct {
	parent, title string
	options       map[string]dbus.Variant
}

// OpenFile is the portal's method, as
// https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.FileChooser.html
// describes it.
func (d *desktop) OpenFile(sender dbus.Sender, parent, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	name := strings.ReplaceAll(strings.TrimPrefix(string(sender), ":"), ".", "_")
	handle := object + "/request/" + dbus.ObjectPath(name+"/"+options["handle_token"].Value().(string))
	d.asks <- asked{parent, title, options}
	go d.do(d, string(sender), handle)
	return handle, nil
}

// Get returns the version of the interface.
func (d *desktop) Get(of, member string) (dbus.Variant, *dbus.Error) {
	if of != chooser || member != "version" {
		return dbus.Variant{}, dbus.MakeFailedError(errors.New("no such property"))
	}
	return dbus.MakeVariant(uint32(4)), nil
}

// respond sends the answer to a dialog, to its sender alone as xdg-desktop-portal does.
func (d *desktop) respond(sender string, handle dbus.ObjectPath, status uint32, results map[string]any) {
	members := map[string]dbus.Variant{}
	for name, v := range results {
		members[name] = dbus.MakeVariant(v)
	}
	message := &dbus.Message{Type: dbus.TypeSignal, Body: []any{status, members}, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath: dbus.MakeVariant(handle), dbus.FieldInterface: dbus.MakeVariant("org.freedesktop.portal.Request"),
		dbus.FieldMember: dbus.MakeVariant("Response"), dbus.FieldDestination: dbus.MakeVariant(sender),
		dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(status, members)),
	}}
	d.bus.Send(message, nil)
}

// session starts a bus for the test and returns its address.
func session(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	var address string
	if _, err := fmt.Fscanln(out, &address); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	return address
}

func newDesktop(t *testing.T, do func(d *desktop, sender string, handle dbus.ObjectPath)) *desktop {
	t.Helper()
	bus, err := dbus.Connect(session(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	d := &desktop{bus: bus, asks: make(chan asked, 1), do: do}
	for _, of := range []string{chooser, "org.freedesktop.DBus.Properties"} {
		if err := bus.Export(d, object, of); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bus.RequestName(service, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheDesktopsDialogGivesWhatWasChosen(t *testing.T) {
	for name, row := range map[string]struct {
		status  uint32
		results map[string]any
		want    []string
	}{
		"two files":   {0, map[string]any{"uris": []string{"file:///media/stick/a+b.req", "file:///media/stick/%C3%BC%20%23100%25.req"}}, []string{"/media/stick/a+b.req", "/media/stick/ü #100%.req"}},
		"a folder":    {0, map[string]any{"uris": []string{"file:///media/stick/a.req"}, "choices": []value{{"whole", "true"}}}, []string{"/media/stick"}},
		"no folder":   {0, map[string]any{"uris": []string{"file:///a.req"}, "choices": []value{{"whole", "false"}}}, []string{"/a.req"}},
		"cancelled":   {1, map[string]any{}, nil},
		"ended":       {2, map[string]any{"uris": []string{"file:///a.req"}}, nil},
		"not a file":  {0, map[string]any{"uris": []string{"smb://server/a.req"}}, nil},
		"no members":  {0, map[string]any{}, nil},
		"other types": {0, map[string]any{"writable": true, "uris": []string{"file:///a.req"}}, []string{"/a.req"}},
	} {
		t.Run(name, func(t *testing.T) {
			newDesktop(t, func(d *desktop, sender string, handle dbus.ObjectPath) {
				d.respond(sender, handle+"other", 0, map[string]any{"uris": []string{"file:///another/dialog"}})
				d.respond(sender, handle, row.status, row.results)
			})
			got, err := Choose(context.Background(), Question{Title: "Open requests", Many: true})
			if err != nil || !slices.Equal(got, row.want) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestTheDesktopIsAskedAsItsPortalWants(t *testing.T) {
	d := newDesktop(t, func(d *desktop, sender string, handle dbus.ObjectPath) { d.respond(sender, handle, 1, nil) })
	q := Question{Parent: "x11:1a00003", Title: "Öffnen", Accept: "Nehmen", Folder: "/media/stick", Many: true, Patterns: []string{"*.toml"}, Whole: "Ganzer Ordner"}
	if _, err := Choose(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	a := <-d.asks
	if a.parent != q.Parent || a.title != q.Title {
		t.Errorf("%q, %q", a.parent, a.title)
	}
	for name, want := range map[string]string{"multiple": "true", "directory": "false", "modal": "true", "accept_label": `"Nehmen"`} {
		if got := a.options[name].String(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"current_folder": "ay", "filters": "a(sa(us))", "choices": "a(ssa(ss)s)", "handle_token": "s"} {
		if got := q.options("token")[name].Signature().String(); got != want {
			t.Errorf("%s is of the type %s, want %s", name, got, want)
		}
	}
	var filters []filter
	if err := a.options["filters"].Store(&filters); err != nil || len(filters) != 1 || !slices.Equal(filters[0].Rules, []rule{{0, "*.toml"}}) {
		t.Errorf("the filters are %v, %v", filters, err)
	}
	if got := a.options["current_folder"].Value().([]byte); string(got) != "/media/stick\x00" {
		t.Errorf("the folder is %q", got)
	}
}

func TestWithoutADialogOfTheDesktopItIsSaid(t *testing.T) {
	defer func(usual time.Duration) { startTime = usual }(startTime)
	startTime = time.Second
	for name, prepare := range map[string]func(t *testing.T){
		"no bus":    func(t *testing.T) { t.Setenv("DBUS_SESSION_BUS_ADDRESS", ""); t.Setenv("XDG_RUNTIME_DIR", t.TempDir()) },
		"no server": func(t *testing.T) { t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/bus") },
		"no portal": func(t *testing.T) { session(t) },
		"a portal without file dialogs": func(t *testing.T) {
			d := newDesktop(t, nil)
			if err := d.bus.Export(nil, object, "org.freedesktop.DBus.Properties"); err != nil {
				t.Fatal(err)
			}
		},
		"a portal that ends": func(t *testing.T) {
			newDesktop(t, func(d *desktop, _ string, _ dbus.ObjectPath) { d.bus.Close() })
		},
		"a portal that does not answer": func(t *testing.T) {
			newDesktop(t, nil).asks <- asked{} // so that OpenFile waits
		},
	} {
		t.Run(name, func(t *testing.T) {
			prepare(t)
			if got, err := Choose(context.Background(), Question{}); !errors.Is(err, ErrNone) || got != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestADialogThatIsOpenCanBeStopped(t *testing.T) {
	d := newDesktop(t, func(*desktop, string, dbus.ObjectPath) {})
	ctx, stop := context.WithCancel(context.Background())
	go func() { <-d.asks; stop() }()
	if got, err := Choose(ctx, Question{}); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("%q, %v", got, err)
	}
}
