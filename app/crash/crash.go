// Package crash stores what the Go runtime prints when the program crashes, so that the
// window can offer it on its next start. Reports stay on the computer.
//
// A program calls [Watch] when it starts and, when it ends well, the function that this
// returns. [Reports] returns what crashed programs left, with [Redact] applied, and
// [Remove] deletes it.
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
	// maxReports is how many reports are stored, the newest ones.
	maxReports = 5
	// maxBytes limits a report; a larger one is skipped.
	maxBytes = 256 << 10
)

// Watch makes the runtime write its crash output to a file in the folder. The function
// that it returns ends this and removes the file. If the folder cannot be written to,
// there will be no report.
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

// lockOf returns the lock that the report's program holds while it runs. It is a file
// beside the report, because a locked file cannot be written on Windows.
func lockOf(report string) *durable.Lock {
	return durable.NewLock(strings.TrimSuffix(report, ending) + lockEnding)
}

func unlock(lock *durable.Lock) {
	_ = lock.Close()
	_ = durable.Remove(lock.Path())
}

const header = "Handback %s, started %s\n\n"

// Report is the output of a program that crashed.
type Report struct {
	Path string
	Text string // after [Redact]
}

// Reports returns the reports of programs that have crashed, the newest first. It removes
// the empty files of programs that were killed, and all reports but the newest five.
func Reports(folder string) (all []Report) {
	entries, _ := os.ReadDir(folder) // sorted by name, which begins with the time; missing before the first Watch
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
		if _, said, _ := strings.Cut(string(text), "\n\n"); err == nil && strings.TrimSpace(said) == "" || len(all) == maxReports {
			_ = durable.Remove(path)
			continue
		}
		if err == nil {
			all = append(all, Report{path, Redact(string(text))})
		}
	}
	return all
}

// Remove deletes reports.
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

// Redact removes from a text what may be a key or tell whose license it is. The last four
// characters of a license key stay.
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
