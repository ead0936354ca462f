package drives

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// removable returns the volumes in /Volumes, except the system's own, which is a link
// there.
func removable() []Drive {
	entries, err := os.ReadDir("/Volumes")
	if err != nil {
		return nil
	}
	var all []Drive
	for _, e := range entries {
		path := filepath.Join("/Volumes", e.Name())
		var about unix.Statfs_t
		if !e.IsDir() || unix.Statfs(path, &about) != nil || about.Flags&unix.MNT_RDONLY != 0 {
			continue
		}
		all = append(all, Drive{path, e.Name()})
	}
	return all
}

func flush(string) error { return unix.Sync() }
