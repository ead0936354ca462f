package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// unfold puts the files below each folder in the folder's place, in the order of their
// names. Links are not followed, and what systems leave in folders by themselves is
// passed over.
func unfold(inputs []Input) (files []Input) {
	for _, input := range inputs {
		if info, err := os.Stat(input.Name); input.Data != nil || err != nil || !info.IsDir() {
			files = append(files, input)
			continue
		}
		before := len(files)
		_ = filepath.WalkDir(input.Name, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				files = append(files, Input{Name: path, found: true}) // reading it says why it cannot be
			case path != input.Name && leftBehind(entry.Name()):
				if entry.IsDir() {
					return fs.SkipDir
				}
			case entry.Type().IsRegular():
				files = append(files, Input{Name: path, found: true})
			}
			return nil
		})
		if len(files) == before {
			files = append(files, Input{Name: input.Name, empty: true})
		}
	}
	return files
}

// leftBehind reports whether a name is one that systems leave in folders by themselves.
func leftBehind(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "$") || strings.EqualFold(name, "Thumbs.db") ||
		strings.EqualFold(name, "desktop.ini") || strings.EqualFold(name, "System Volume Information")
}
