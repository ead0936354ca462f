// Package crash keeps what the Go runtime says when the program ends in the middle,
// so that it can be offered on the next start. Reports stay on the computer.
package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"handback/app/durable"
)

const (
	ending     = ".txt"
	lockEnding = ".lock"
	// kept is how many reports are kept, the newest ones.
	kept = 5
	// maxBytes bounds what is shown of a report.
	maxBytes = 256 << 10
)

// Watch has the runtime write its last words into a file of the folder. What it
// gives ends that, and removes the file: the program ended well. Where the folder
// cannot be written there is no report.
func Watch(folder, version string, now time.Time) (end func()) {
	none := func() {}
	if durable.Folder(folder) != nil {
		return none
	}
	path := filepath.Join(folder, fmt.Sprintf("%s-%d%s", now.UTC().Format("20060102-150405"), os.Getpid(), ending))
	running := lockOf(path)
	_, _ = running.TryLock()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		unlock(running)
		return none
	}
	fmt.Fprintf(file, header, version, now.UTC().Format(time.RFC3339))
	if debug.SetCrashOutput(file, debug.CrashOptions{}) != nil {
		_ = file.Close()
		_ = durable.Remove(path)
		unlock(running)
		return none
	}
	return func() {
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = file.Close()
		_ = durable.Remove(path)
		unlock(running)
	}
}

// lockOf returns the lock which tells that a report's program is not dead yet. It lies
// beside the report: on Windows a file that is locked cannot be written.
func lockOf(report string) *durable.Lock {
	return durable.NewLock(strings.TrimSuffix(report, ending) + lockEnding)
}

func unlock(lock *durable.Lock) {
	_ = lock.Close()
	_ = durable.Remove(lock.Path())
}

const header = "Handback %s, started %s\n\n"

// Report is what a program said that ended in the middle.
type Report struct {
	Path string
	Text string // without what tells whose license it is
}

// Reports are those that programs left which are dead, the newest first. Files of
// programs that were killed without a word are removed, and all but the newest five
// reports.
func Reports(folder string) (all []Report) {
	entries, _ := os.ReadDir(folder) // sorted by name, which begins with the time; none where nothing was watched yet
	for _, entry := range slices.Backward(entries) {
		path := filepath.Join(folder, entry.Name())
		if filepath.Ext(path) != ending || !entry.Type().IsRegular() {
			continue
		}
		lock := lockOf(path)
		if free, err := lock.TryLock(); err != nil || !free {
			continue
		}
		text, err := durable.Read(path, maxBytes)
		unlock(lock)
		if _, said, _ := strings.Cut(string(text), "\n\n"); err == nil && strings.TrimSpace(said) == "" || len(all) == kept {
			_ = durable.Remove(path)
			continue
		}
		if err == nil {
			all = append(all, Report{path, Redact(string(text))})
		}
	}
	return all
}

// Remove takes reports away that were looked at.
func Remove(reports []Report) {
	for _, r := range reports {
		_ = durable.Remove(r.Path)
	}
}

var (
	licenseKey = regexp.MustCompile(`(?i)\b[a-z0-9]{4}(?:-[a-z0-9]{4}){2,}\b`)
	mail       = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+`)
	long       = regexp.MustCompile(`[A-Za-z0-9+/_-]{40,}={0,2}`)
)

// Redact takes out of a text what might tell whose license it is, or be a key: of a
// license key the last four characters stay.
func Redact(text string) string {
	text = licenseKey.ReplaceAllStringFunc(text, func(key string) string { return "[license key …" + key[len(key)-4:] + "]" })
	text = mail.ReplaceAllString(text, "[e-mail address]")
	text = long.ReplaceAllStringFunc(text, func(one string) string {
		if strings.Contains(one, "/") && !strings.HasSuffix(one, "=") {
			return one // a path
		}
		return "[redacted]"
	})
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		text = strings.ReplaceAll(text, home, "~")
	}
	return text
}
