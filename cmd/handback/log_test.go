package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app"
	"handback/app/durable"
	"handback/app/words"
)

// F81
func TestALateJobSaysNothingAfterItsEndWasTold(t *testing.T) {
	defer func(was time.Duration) { quietTime = was }(quietTime)
	quietTime = 50 * time.Millisecond
	var out, err strings.Builder
	c := &command{out: &out, err: &err, words: words.English()}
	late, done := make(chan struct{}), make(chan struct{})
	_, failure := c.inTime(func(own *command) (*app.Outgoing, error) {
		defer close(done)
		<-late
		own.say(own.out, "cmd.created")
		own.say(own.err, "cmd.created")
		return nil, nil
	})
	close(late)
	<-done
	if out.Len()+err.Len() > 0 || !errors.Is(failure, errQuietTime) {
		t.Errorf("%v; it said %q and %q", failure, out.String(), err.String())
	}
}

// F81
func TestALogShowsTheLastFourCharactersOfALongTextAndNoneOfAShortOne(t *testing.T) {
	for _, row := range []struct {
		hide       sensitive
		line, want string
	}{
		{sensitive{"GPYC-X5J2-L5SK-C3LK"}, "for GPYC-X5J2-L5SK-C3LK: no", "for ****C3LK: no"},
		{sensitive{"anna-of-acme", "anna-of-acme@example.com"}, "for anna-of-acme@example.com", "for ****.com"},
		{sensitive{`quo"ted-key`}, `value "quo\"ted-key" and quo"ted-key`, `value "****-key" and ****-key`},
		{sensitive{"key\x1b[31m-1234"}, "of key\x1b[31m-1234", "of ****1234"},
		{nil, "a\x1b[31m\nb", `a\u{1B}[31m\u{A}b`},
	} {
		if got := row.hide.redact(row.line); got != row.want {
			t.Errorf("%q became %q, want %q", row.line, got, row.want)
		}
	}
	for text, want := range map[string]string{"": "****", "abc": "****", "abcdefg": "****", "abcdefgh": "****efgh"} {
		if got := masked(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

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
