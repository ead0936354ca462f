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
	maxPending      = 20      // lists of folders that cannot be reached, such as those of sticks
	maxPendingBytes = 1 << 16 // of one list
)

// rememberFolders stores a list of the folders that files are about to be written to, until
// forget is called. If the program is killed meanwhile, the next start removes its temporary
// files there. If the list cannot be stored, the next write to the folder removes them.
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
		_ = durable.Remove(a.pendingFolder()) // fails if another program has a list there
		if before != nil {
			_ = durable.Remove(filepath.Dir(a.pendingFolder())) // fails if something was stored meanwhile
		}
	}
}

func (a *App) pendingFolder() string {
	return filepath.Join(filepath.Dir(a.Journal.Folder), "pending")
}

// RemoveLeftovers removes the temporary files that killed programs have left, wherever they
// wrote. A program calls it once, when it starts. Folders that cannot be reached are tried
// again at the next start.
func (a *App) RemoveLeftovers() {
	entries, _ := os.ReadDir(a.pendingFolder()) // usually there is no such folder
	lists := 0
	for _, entry := range entries {
		path := filepath.Join(a.pendingFolder(), entry.Name())
		if !entry.Type().IsRegular() {
			continue
		}
		text, err := durable.Read(path, maxPendingBytes)
		if err != nil {
			continue
		}
		lock := durable.NewLock(path)
		if free, err := lock.TryLock(); err != nil || !free {
			continue // its program is running
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
		_ = lock.Close() // Windows does not remove open files
		if lists++; !missing || lists > maxPending {
			_ = durable.Remove(path)
		}
	}
	durable.Sweep(a.pendingFolder())
	_ = durable.Remove(a.pendingFolder()) // fails if it is not empty
	durable.Sweep(a.Journal.Folder)
}
