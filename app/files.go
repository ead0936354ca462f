package app

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"handback/app/carry"
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

// sortedFiles is how many files of one folder are sorted together: those of a larger folder
// come in groups of this size, so that memory does not grow with it.
const sortedFiles = 50_000

// expand replaces each folder by the files below it, sorted by name. It leaves out hidden files and those of the system. It follows
// links only if they are inputs themselves.
func expand(inputs iter.Seq[Input]) iter.Seq[Input] {
	return func(yield func(Input) bool) {
		for input := range inputs {
			var info fs.FileInfo
			var err error
			if input.Data == nil && input.err == nil {
				info, err = os.Stat(input.Name)
			}
			if info == nil || err != nil || !info.IsDir() {
				input.regular = err == nil && info != nil && info.Mode().IsRegular()
				if !yield(input) {
					return
				}
				continue
			}
			empty := true
			for file := range below(input.Name) {
				if empty = false; !yield(file) {
					return
				}
			}
			if empty && !yield(Input{Name: input.Name, err: fault.New(fault.Input, "app.empty_folder", "path", input.Name)}) {
				return
			}
		}
	}
}

// CountInputs returns the number of files that inputs name, with those in folders. An archive or
// a mail is one.
func CountInputs(inputs iter.Seq[Input]) (n int) {
	for range expand(inputs) {
		n++
	}
	return n
}

// below returns the files in a folder, and in those in it.
func below(folder string) iter.Seq[Input] {
	return func(yield func(Input) bool) { walk(folder, yield) }
}

func walk(folder string, yield func(Input) bool) (more bool) {
	open, err := os.Open(folder)
	if err != nil {
		return yield(Input{Name: folder, found: true, err: unreadable(folder, err)})
	}
	defer open.Close()
	for {
		entries, err := open.ReadDir(sortedFiles)
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			switch {
			case isSystemFile(entry):
			case entry.IsDir():
				if !walk(path, yield) {
					return false
				}
			case entry.Type().IsRegular():
				if !yield(Input{Name: path, found: true, regular: true}) {
					return false
				}
			}
		}
		if err != nil {
			return errors.Is(err, io.EOF) || yield(Input{Name: folder, found: true, err: unreadable(folder, err)})
		}
	}
}

// archived returns the files in an archive, each as an input of its own.
func archived(input Input) iter.Seq[Input] {
	files := carry.ArchiveFile(input.Name)
	if input.Data != nil {
		files = carry.Archive(bytes.NewReader(input.Data), int64(len(input.Data)))
	}
	return func(yield func(Input) bool) {
		for file := range files {
			inner := Input{Name: path.Join(filepath.ToSlash(input.Name), file.Name), Data: file.Data, found: file.Name != "", err: file.Err}
			if input.Data == nil && !input.apart {
				inner.folder = filepath.Dir(input.Name)
			}
			if !yield(inner) {
				return
			}
		}
	}
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
