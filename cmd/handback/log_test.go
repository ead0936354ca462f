package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/durable"
	"handback/app/words"
)

func TestAQuietRunEndsThoughItsInputOrAFolderDoesNotAnswer(t *testing.T) {
	defer func(was time.Duration) { quietTime = was }(quietTime)
	quietTime = 300 * time.Millisecond
	home := t.TempDir()
	t.Setenv("HANDBACK_HOME", home)
	for name, args := range map[string][]string{
		"input": {"--license-key", "-"},
		"write": {"--license-key", "GPYC-X5J2-L5SK-C3LK"},
	} {
		log := filepath.Join(t.TempDir(), "a.log")
		in, open := io.Pipe()
		defer open.Close()
		hang := make(chan struct{})
		defer close(hang)
		restore := durable.Inject(func(call string) error {
			if name == "write" && call == "open folder" {
				<-hang
				return os.ErrDeadlineExceeded
			}
			return nil
		})
		var said strings.Builder
		c := &command{in: in, out: io.Discard, err: &said, words: words.English()}
		began := time.Now()
		status := c.run(append([]string{"create", "--quiet", "--unsigned", "--profile", "testdata/vendor/acme.toml", "--hardware-id", "workstation-7",
			"--output", filepath.Join(home, "a.req"), "--log", log}, args...))
		restore()
		if took := time.Since(began); status != 6 || took > 5*time.Second || !strings.Contains(said.String(), "may have been kept") {
			t.Errorf("%s: %d after %v: %s", name, status, took, said.String())
		}
		if line, _ := os.ReadFile(log); strings.Count(string(line), "\n") != 1 || !strings.Contains(string(line), "exit=6") || strings.Contains(string(line), "GPYC") {
			t.Errorf("%s: the log holds %q", name, line)
		}
	}
}
