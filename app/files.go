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

// Entry is a file or folder that a person can choose.
type Entry struct {
	Path   string
	Name   string
	Folder bool
}

// IsFile reports whether there is something at a path that is not a folder.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// IsThere reports whether there is anything at a path, even a broken link.
func IsThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// List returns the folders in a folder and then the files, each sorted by name. It leaves
// out hidden files and those of the system, broken links, and what is neither file nor
// folder, such as a device. A link counts as what it leads to.
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

// expand replaces each folder by the files below it, sorted by name. It leaves out hidden
// files and those of the system. It follows links only if they are inputs themselves.
func expand(inputs []Input) (files []Input) {
	for _, input := range inputs {
		if info, err := os.Stat(input.Name); input.Data != nil || err != nil || !info.IsDir() {
			files = append(files, input)
			continue
		}
		before, root := len(files), input.Name+string(filepath.Separator) // the separator makes WalkDir follow a link
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

// isSystemFile reports whether a file is hidden, or one that systems put into folders.
func isSystemFile(entry fs.DirEntry) bool {
	name := entry.Name()
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "$") || strings.EqualFold(name, "Thumbs.db") ||
		strings.EqualFold(name, "desktop.ini") || strings.EqualFold(name, "System Volume Information") || hidden(entry)
}

func unreadable(folder string, err error) error {
	return fault.New(fault.Input, "app.folder_unreadable", "path", folder).Because(err)
}
