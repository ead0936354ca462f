package secret

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

// onLinux skips a test of the Secret Service's bus on other systems.
func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("other systems' keyrings need no bus")
	}
}

// F59: absent, or not on this computer.
func TestAKeyringThatCannotBeReachedIsSaidAndNothingIsStarted(t *testing.T) {
	onLinux(t)
	for address, says := range map[string]string{
		"":                           "no desktop session",
		"tcp:host=elsewhere,port=1":  "not on this computer",
		"unix:path=/none;tcp:host=x": "not on this computer",
		"autolaunch:":                "not on this computer",
	} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		for name, err := range map[string]error{"kept": second(Load("a")), "keep": Store("a", New([]byte(canary))), "forget": Forget("a")} {
			if !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), says) {
				t.Errorf("%q, %s: %v", address, name, err)
			}
		}
	}
}

func second(_ Secret, err error) error { return err }

// F59: a locked keyring waits for somebody to unlock it.
func TestAKeyringThatDoesNotAnswerIsLeftAlone(t *testing.T) {
	onLinux(t)
	path := filepath.Join(t.TempDir(), "bus")
	bus, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	defer func(time time.Duration) { keyringTime = time }(keyringTime)
	keyringTime = 50 * time.Millisecond
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	if err := second(Load("a")); !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("got %v", err)
	}
}

// F59: denied, or full. The library's own mock fails as a system would. The command's tests
// use a real Secret Service.
func TestAKeyringThatRefusesSaysWhyAndOneWithoutTheSecretSaysSo(t *testing.T) {
	if os.Getenv("STAND_IN") == "" { // the mock cannot be removed again
		cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), "STAND_IN=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/none")
	for _, refusal := range []error{errors.New("access denied"), keyring.ErrSetDataTooBig} {
		keyring.MockInitWithError(refusal)
		for name, err := range map[string]error{"kept": second(Load("a")), "keep": Store("a", New([]byte(canary))), "forget": Forget("a")} {
			if !errors.Is(err, ErrKeyring) || !strings.Contains(err.Error(), refusal.Error()) || strings.Contains(err.Error(), canary) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	keyring.MockInit()
	if err := second(Load("a")); !errors.Is(err, ErrNotStored) {
		t.Errorf("got %v", err)
	}
	if err := Store("a", New([]byte(canary))); err != nil {
		t.Fatal(err)
	}
	if got, err := Load("a"); err != nil || !got.Equal(New([]byte(canary))) || got.Equal(New([]byte("x"))) || got.Equal(Secret{}) {
		t.Errorf("%v, %v", got, err)
	}
	if err := Forget("a"); err != nil {
		t.Error(err)
	}
	if err := Forget("a"); !errors.Is(err, ErrNotStored) {
		t.Errorf("got %v", err)
	}
}
