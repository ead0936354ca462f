package app

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"handback/app/fault"
)

// Entry is a file or a folder that a person can choose.
type Entry struct {
	Path   string
	Name   string
	Folder bool
}

// IsFile reports whether there is a file, or anything else that is no folder, at a path.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// IsThere reports whether there is anything at a path.
func IsThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// List returns the folders that lie in a folder, and then the files, each in the order
// of their names. It leaves out what systems leave in folders by themselves, what cannot
// be opened, and what is neither, such as a device. Of a link it tells what it leads to.
func List(folder string) ([]Entry, error) {
	found, err := os.ReadDir(folder)
	if err != nil {
		return nil, unreadable(folder, err)
	}
	var folders, files []Entry
	for _, entry := range found {
		if isSystemFile(entry) {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		info, err := entry.Info()
		if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			info, err = os.Stat(path)
		}
		switch {
		case err != nil:
		case info.IsDir():
			folders = append(folders, Entry{path, entry.Name(), true})
		case info.Mode().IsRegular():
			files = append(files, Entry{path, entry.Name(), false})
		}
	}
	for _, entries := range [][]Entry{folders, files} {
		slices.SortFunc(entries, func(a, b Entry) int {
			return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name))
		})
	}
	return append(folders, files...), nil
}

// unfold puts the files below each folder in the folder's place, in the order of their
// names. Of links those alone are followed that are inputs themselves, and what systems
// leave in folders by themselves is passed over.
func expand(inputs []Input) (files []Input) {
	for _, input := range inputs {
		if info, err := os.Stat(input.Name); input.Data != nil || err != nil || !info.IsDir() {
			files = append(files, input)
			continue
		}
		before, root := len(files), input.Name+string(filepath.Separator) // which a link leads to
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				path = filepath.Clean(path)
				files = append(files, Input{Name: path, found: true, err: unreadable(path, err)})
			case path != root && isSystemFile(entry):
				if entry.IsDir() {
					return fs.SkipDir
				}
			case entry.Type().IsRegular():
				files = append(files, Input{Name: path, found: true})
			}
			return nil
		})
		if len(files) == before {
			files = append(files, Input{Name: input.Name, err: fault.New(fault.Input, "app.empty_folder", "path", input.Name)})
		}
	}
	return files
}

// leftBehind reports whether a name is one that systems leave in folders by themselves.
func isSystemFile(entry fs.DirEntry) bool {
	name := entry.Name()
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "$") || strings.EqualFold(name, "Thumbs.db") ||
		strings.EqualFold(name, "desktop.ini") || strings.EqualFold(name, "System Volume Information") || hidden(entry)
}

func unreadable(folder string, err error) error {
	return fault.New(fault.Input, "app.folder_unreadable", "path", folder).Because(err)
}
