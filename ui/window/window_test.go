package window

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app/carry"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

// tools are the programs by other authors that drive and read the window, with their
// Debian packages.
var tools = map[string]string{"Xvfb": "xvfb", "xdotool": "xdotool", "xclip": "xclip", "import-im6.q16": "imagemagick",
	"zbarimg": "zbar-tools", "xwininfo": "x11-utils", "strace": "strace"}

const (
	patience  = 60 * time.Second
	sharedKey = "canary-shared-key-of-the-window-test"
	apiKey    = "00000000-1111-2222-3333-444444444444"
)

// display is a screen of its own with the programs on it.
type display struct {
	t       testing.TB
	name    string
	home    string
	actions int // of a person so far
}

func newDisplay(t testing.TB, options ...string) *display {
	t.Helper()
	for tool, pkg := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing: install Debian's package %s (make need-test)", tool, pkg)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-nolisten", "tcp", "-noreset", "-screen", "0", "1280x900x24"}, options...)...)
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	write.Close()
	number := make([]byte, 16)
	n, err := read.Read(number)
	if err != nil {
		t.Fatalf("Xvfb gave no display: %v", err)
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".cache"), 0o700); err != nil { // every home has it; Fyne stores its font index there
		t.Fatal(err)
	}
	practice := []byte("profile = 'practice'\n") // as if chosen at the first start
	if err := os.WriteFile(filepath.Join(home, "settings.toml"), practice, 0o600); err != nil {
		t.Fatal(err)
	}
	return &display{t: t, name: ":" + strings.TrimSpace(string(number[:n])), home: home}
}

func (d *display) environment() []string {
	return append(os.Environ(), "DISPLAY="+d.name, "WAYLAND_DISPLAY=", "HANDBACK_HOME="+d.home, "HOME="+d.home,
		"XDG_CONFIG_HOME="+d.home, "XDG_CACHE_HOME="+filepath.Join(d.home, ".cache"), "LIBGL_ALWAYS_SOFTWARE=1", "LANG=C.UTF-8", "FYNE_SCALE=1", "FYNE_THEME=light")
}

// profile writes a vendor's profile for a server.
func (d *display) profile(server string) (path string) {
	d.t.Helper()
	path = filepath.Join(d.home, "acme.toml")
	text := fmt.Sprintf("name = 'Acme CAD'\nproduct.code = 'acmecad'\nproduct.authorization_method = 'license_key'\n"+
		"authorization.api_key = '%s'\nserver.endpoint = '%s'\nsupport.contact = 'support@acme.example'\n", apiKey, server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// run starts the window and waits until it is visible and takes keys. If the race
// detector finds something, the test fails when the window ends.
func (d *display) run(program string, arguments ...string) (stop func()) {
	d.t.Helper()
	window := exec.Command(program, arguments...)
	window.Env = d.environment()
	var log bytes.Buffer
	window.Stdout, window.Stderr = &log, &log
	if err := window.Start(); err != nil {
		d.t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = window.Process.Kill()
		_ = window.Wait()
		if strings.Contains(log.String(), "DATA RACE") {
			d.t.Errorf("the window:\n%s", log.String())
		}
	})
	d.t.Cleanup(stop)
	d.until("the window to open", func() bool {
		out, err := d.tool("xwininfo", "-name", "Handback")
		return err == nil && strings.Contains(out, "IsViewable")
	})
	d.x("search", "--name", "^Handback$", "windowmove", "0", "0", "windowfocus")
	d.until("the window to be drawn", func() bool { return d.colors() > 8 })
	rest(300 * time.Millisecond) // until it has read its arguments
	return stop
}

// rest waits for something that the screen does not show.
func rest(usually time.Duration) { time.Sleep(slower * usually) }

// until waits for something that takes the window some time.
func (d *display) until(what string, done func() bool) {
	d.t.Helper()
	for end := time.Now().Add(slower * patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	d.picture(filepath.Join(os.TempDir(), "handback-window-failed.png"))
	d.t.Fatalf("waited in vain for %s", what)
}

func (d *display) tool(name string, arguments ...string) (string, error) {
	c := exec.Command(name, arguments...)
	c.Env = d.environment()
	out, err := c.Output()
	return string(out), err
}

func (d *display) x(arguments ...string) {
	d.t.Helper()
	if out, err := d.tool("xdotool", arguments...); err != nil {
		d.t.Fatalf("xdotool %v: %v %s", arguments, err, out)
	}
}

// typed types a text and presses Enter.
func (d *display) typed(text string) {
	d.t.Helper()
	if text != "" {
		d.x("type", "--delay", "15", text)
	}
	d.x("key", "Return")
}

func (d *display) picture(path string) {
	d.t.Helper()
	if _, err := d.tool("import-im6.q16", "-window", "root", "-crop", "1000x740+0+0", "+repage", path); err != nil {
		d.t.Fatal(err)
	}
}

// colors returns how many colors are on the screen. An empty screen has few.
func (d *display) colors() int {
	out, err := d.tool("import-im6.q16", "-window", "root", "-format", "%k", "info:")
	var n int
	if _, scan := fmt.Sscan(out, &n); err != nil || scan != nil {
		return 0
	}
	return n
}

// opensDialog calls do, which opens a dialog, and waits for it. A dialog dims the whole
// window behind it, which a blinking cursor does not.
func (d *display) opensDialog(do func()) {
	d.t.Helper()
	before := d.brightness()
	do()
	d.until("a dialog to open", func() bool { return math.Abs(d.brightness()/before-1) > 0.02 })
	rest(300 * time.Millisecond) // it gets the focus after it is drawn
}

// brightness returns the mean of the screen's pixels.
func (d *display) brightness() float64 {
	out, err := d.tool("import-im6.q16", "-window", "root", "-crop", "1000x740+0+0", "-format", "%[mean]", "info:")
	var mean float64
	if _, scan := fmt.Sscan(out, &mean); err != nil || scan != nil {
		d.t.Fatalf("the screen cannot be measured: %v, %v", err, scan)
	}
	return mean
}

// still waits until nothing on the screen has changed for a second.
func (d *display) still() {
	d.t.Helper()
	last, since := 0.0, time.Now()
	d.until("the screen to be still", func() bool {
		if now := d.brightness(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > time.Second
	})
}

// saved waits for the request's file and returns its path.
func (d *display) saved() (path string) {
	d.t.Helper()
	d.until("the saved file", func() bool {
		found, _ := filepath.Glob(filepath.Join(d.home, "ls_deactivation-*.req"))
		if len(found) == 1 {
			path = found[0]
		}
		return path != ""
	})
	return path
}

// request returns the request that a code's text holds.
func (d *display) request(code string) string {
	d.t.Helper()
	pieces, err := carry.Read(d.t.Context(), []byte(code))
	if err != nil || len(pieces) != 1 || pieces[0].Part == nil {
		d.t.Fatalf("%s: %+v, %v", code, pieces, err)
	}
	text, err := carry.Join([]carry.Part{*pieces[0].Part}, []request.Common{{Product: "acmecad", APIKey: apiKey}})
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

// code returns what zbarimg reads on the screen, or "".
func (d *display) code(picture string) string {
	d.picture(picture)
	out, _ := d.tool("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture)
	return strings.TrimSuffix(out, "\n")
}

// If the test was built with the race detector, so was the program, and it is slower.
var (
	detector []string
	slower   time.Duration = 1
)

func build(t testing.TB, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "handback-window")
	arguments := append([]string{"build", "-tags", "no_emoji,migrated_fynedo", "-o", path}, detector...)
	c := exec.Command("go", append(arguments, "handback")...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// codeTab is where the button is that shows the code, on a screen with a vendor's profile.
var codeTab = [2]string{"112", "221"}

func TestTheRealWindowReleasesALicenseFromKeyToOutcome(t *testing.T) {
	program := build(t, t.TempDir())
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	defer server.Close()
	d := newDisplay(t)
	profile := d.profile(server.URL)

	// The offline computer: the key, Enter, Enter, the shared key, Enter, a look at the code,
	// and Ctrl+S.
	// F66: without a network socket, by strace.
	calls := filepath.Join(t.TempDir(), "calls")
	stop := d.run("strace", "-D", "-f", "-qq", "-o", calls, "-e", "trace=%network", program, "--profile", profile)
	d.x("type", "--delay", "15", "GPYC-X5J2-L5SK-C3LK")
	d.typed("") // on to what leaves
	rest(500 * time.Millisecond)
	d.opensDialog(func() { d.typed("") })
	d.typed(sharedKey)
	d.still()
	d.x("mousemove", codeTab[0], codeTab[1], "click", "1")
	picture := filepath.Join(t.TempDir(), "screen.png")
	var code string
	d.until("a code that zbarimg reads", func() bool { code = d.code(picture); return code != "" })
	d.x("key", "ctrl+s")
	file := d.saved()
	stop()
	if seen, err := os.ReadFile(calls); err != nil || !bytes.Contains(seen, []byte("AF_UNIX")) || bytes.Contains(seen, []byte("AF_INET")) {
		t.Errorf("the offline half's sockets, %v:\n%s", err, seen)
	}
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if shown := d.request(code); string(saved) != shown {
		t.Errorf("the screen's code holds\n%s\nthe file\n%s", shown, saved)
	}
	if len(box.Released()) != 0 {
		t.Fatal("the license was free before anything was submitted")
	}

	// The connected computer: the file as an argument, Enter, the shared key, Enter.
	d.run(program, "--profile", profile, file)
	before := d.brightness()
	d.until("the question for the key", func() bool { // Enter does nothing until the file is read, then it submits
		d.typed("")
		time.Sleep(time.Second)
		return math.Abs(d.brightness()/before-1) > 0.02
	})
	d.typed(sharedKey)
	d.until("the sandbox to release the device", func() bool { return len(box.Released()) == 1 })
	if device := box.Released()[0]; device.Owner != "GPYC-X5J2-L5SK-C3LK" || device.Product != "acmecad" {
		t.Errorf("released %+v", device)
	}
}

func TestWithoutDisplayOrOpenGLTheWindowEndsAndNamesTheCommand(t *testing.T) {
	program := build(t, t.TempDir())
	withoutGL := newDisplay(t, "-extension", "GLX")
	nowhere := &display{t: t, home: t.TempDir()}
	for name, d := range map[string]*display{"no OpenGL": withoutGL, "no display": nowhere} {
		window := exec.Command(program)
		window.Env = d.environment()
		var out bytes.Buffer
		window.Stdout, window.Stderr = &out, &out
		if err := window.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- window.Wait() }()
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out.String(), "handback --help") {
				t.Errorf("%s: ended with %v, saying %s", name, err, out.String())
			}
			if strings.Contains(out.String(), "goroutine") {
				t.Errorf("%s: a panic was shown: %s", name, out.String())
			}
		case <-time.After(slower * patience):
			_ = window.Process.Kill()
			t.Errorf("%s: it hangs", name)
		}
	}
}
