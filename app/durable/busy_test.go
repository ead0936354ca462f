package durable

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// F78: a program that ends waits for the file that it is writing, and starts no other.
func TestStopWaitsForWhatIsBeingWrittenAndLetsNothingMoreBegin(t *testing.T) {
	folder := t.TempDir()
	path, other := filepath.Join(folder, "a.req"), filepath.Join(folder, "b.req")
	reached, resume := make(chan struct{}), make(chan struct{})
	defer Inject(func(name string) error {
		if name == "sync" {
			close(reached)
			<-resume
		}
		return nil
	})()
	written, stopped := make(chan error, 1), make(chan struct{})
	go func() { written <- Write(path, []byte("data"), false) }()
	<-reached
	if got := Writing(); got != path {
		t.Errorf("it writes %q", got)
	}
	go func() { Stop(); close(stopped) }()
	waits(t, "Lock")
	close(resume)
	if err := <-written; err != nil {
		t.Error(err)
	}
	<-stopped
	if got := Writing(); got != "" {
		t.Errorf("it still writes %q", got)
	}
	begun := make(chan struct{})
	go func() {
		_ = Append(other, []byte("more\n"))
		close(begun)
	}()
	waits(t, "RLock")
	if _, err := os.Stat(other); err == nil {
		t.Error("another file was begun")
	}
	gate.Unlock()
	<-begun
	if got, _ := os.ReadFile(path); string(got) != "data" {
		t.Errorf("it holds %q", got)
	}
}

// waits waits until a goroutine waits for gate in a method of it.
func waits(t *testing.T, method string) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), " [sync.RWMutex."+method) {
			return
		}
	}
	t.Fatalf("nothing waits in %s", method)
}
