package app

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"handback/app/durable"
)

const (
	// maxPending is how many folders are remembered that cannot be reached, such as
	// those of sticks that were pulled out.
	maxPending  = 20
	maxPendings = 1 << 16 // bytes
)

// pend remembers the folders that are about to be written into, until forget: a
// program that is killed meanwhile leaves temporary files there, which the next
// start removes. Where that cannot be remembered, the next writing into the folder
// removes them.
func (a *App) rememberFolders(outputs []outputFile) (forget func()) {
	none := func() {}
	if a.Journal.Folder == "" {
		return none
	}
	var folders []string
	for _, f := range outputs {
		folder, err := filepath.Abs(filepath.Dir(f.path))
		if err == nil && !slices.Contains(folders, folder) && !strings.ContainsAny(folder, "\r\n") {
			folders = append(folders, folder)
		}
	}
	path := filepath.Join(a.pendingFolder(), rand.Text())
	_, before := os.Stat(filepath.Dir(a.pendingFolder()))
	if durable.Folder(a.pendingFolder()) != nil || durable.Write(path, []byte(strings.Join(folders, "\n")), false) != nil {
		return none
	}
	running := durable.NewLock(path)
	_, _ = running.TryLock()
	return func() {
		_ = running.Close()
		_ = durable.Remove(path)
		_ = durable.Remove(a.pendingFolder()) // where nobody else writes
		if before != nil {
			_ = durable.Remove(filepath.Dir(a.pendingFolder())) // where nothing came of it
		}
	}
}

func (a *App) pendingFolder() string {
	return filepath.Join(filepath.Dir(a.Journal.Folder), "pending")
}

// RemoveLeftovers removes the temporary files that killed programs left, wherever they
// wrote. A program calls it once, when it starts. A folder that cannot be reached is tried
// again at the next start.
func (a *App) RemoveLeftovers() {
	entries, _ := os.ReadDir(a.pendingFolder()) // none where nothing was written yet
	kept := 0
	for _, entry := range entries {
		path := filepath.Join(a.pendingFolder(), entry.Name())
		if !entry.Type().IsRegular() {
			continue
		}
		text, err := durable.Read(path, maxPendings)
		if err != nil {
			continue
		}
		lock := durable.NewLock(path)
		if free, err := lock.TryLock(); err != nil || !free {
			continue // its program runs
		}
		missing := false
		for folder := range strings.Lines(string(text)) {
			folder = strings.TrimSpace(folder)
			if _, err := os.Stat(folder); err != nil {
				missing = true
				continue
			}
			durable.Sweep(folder)
		}
		_ = lock.Close() // Windows removes nothing that is open
		if kept++; !missing || kept > maxPending {
			_ = durable.Remove(path)
		}
	}
	durable.Sweep(a.pendingFolder())
	_ = durable.Remove(a.pendingFolder()) // empty
	durable.Sweep(a.Journal.Folder)
}
