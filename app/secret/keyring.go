package secret

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"handback/app/brand"
	"handback/app/fault"
)

// service is the name of Handback's secrets in the system's keyring: the Secret Service
// on Linux, the Keychain on macOS, the Credential Manager on Windows.
var service = brand.Current().Command

// keyringTime is the time limit for the keyring, which may ask the person to unlock it.
var keyringTime = 60 * time.Second

var (
	// ErrNotStored means that the keyring has no secret for an account.
	ErrNotStored = fault.New(fault.Secret, "secret.not_kept")
	// ErrKeyring means that the keyring cannot be used: there is none, it is locked, or
	// it refused.
	ErrKeyring = fault.New(fault.Secret, "secret.keyring")
)

// Load returns the secret that the system's keyring has stored for an account. It fails
// with [ErrNotStored] or [ErrKeyring].
func Load(account string) (Secret, error) {
	text, err := withKeyring(func() (string, error) { return keyring.Get(service, account) })
	return New([]byte(text)), err
}

// Store stores a secret in the system's keyring, replacing one that is there for the
// account. It fails with [ErrKeyring].
func Store(account string, s Secret) error {
	_, err := withKeyring(func() (string, error) { return "", keyring.Set(service, account, s.Reveal()) })
	return err
}

// Forget deletes an account's secret from the system's keyring. It fails with
// [ErrNotStored] or [ErrKeyring].
func Forget(account string) error {
	_, err := withKeyring(func() (string, error) { return "", keyring.Delete(service, account) })
	return err
}

// withKeyring calls do with a time limit. After that, it leaves do running.
func withKeyring(do func() (string, error)) (string, error) {
	if err := reachable(); err != nil {
		return "", ErrKeyring.Because(err)
	}
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := do()
		done <- answer{text, err}
	}()
	select {
	case got := <-done:
		switch {
		case errors.Is(got.err, keyring.ErrNotFound):
			return "", ErrNotStored
		case got.err != nil:
			return "", ErrKeyring.Because(got.err)
		}
		return got.text, nil
	case <-time.After(keyringTime):
		return "", ErrKeyring.Because(fault.New(fault.Secret, "reason.no_answer"))
	}
}

// reachable returns the reason why there is no keyring, or nil. On Linux the keyring is
// reached through the bus of the person's session. If there is no bus, the library would
// start one, and if it is on the network, the offline side would open a connection.
func reachable() error {
	if runtime.GOOS != "linux" {
		return nil
	}
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address == "" {
		if _, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")); err == nil && os.Getenv("XDG_RUNTIME_DIR") != "" {
			return nil
		}
		return fault.New(fault.Secret, "reason.no_session")
	}
	for _, one := range strings.Split(address, ";") {
		if !strings.HasPrefix(one, "unix:") {
			return fault.New(fault.Secret, "reason.other_bus")
		}
	}
	return nil
}
