package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
)

// Target is a file to write a request to. QR codes are written as PNG or SVG, by the ending
// of the name; of several codes each gets a file, NAME-1.png and so on.
type Target struct {
	Kind    Kind
	Path    string // for a request file, empty means the proposed name in the current folder
	Folder  bool   // Path is a folder, which is made if it is missing; the request file gets the proposed name
	Drawing carry.Drawing
}

// Kind is a kind of file.
type Kind string

// The kinds.
const (
	RequestFile Kind = "request" // as a target also for unsigned requests, which become a HandoffFile
	HandoffFile Kind = "handoff"
	QRFile      Kind = "qr"
	ReceiptFile Kind = "receipt" // see WriteReceipt
	SheetFile   Kind = "sheet"
)

// File is a file that was written.
type File struct {
	Kind   Kind   `json:"kind"`
	Path   string `json:"path"` // absolute
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"` // lowercase hex
}

// CheckTargets fails if [App.Export] would refuse a target. It writes nothing. Create calls
// it first, so that nothing is read or signed for a file that cannot be written.
func CheckTargets(targets []Target, replace bool) error {
	var paths []string
	for _, t := range targets {
		if t.Path == "" && t.Kind == RequestFile {
			continue // its name is not known yet
		}
		if t.Folder {
			if _, err := os.Lstat(t.Path); errors.Is(err, fs.ErrNotExist) {
				continue // Export makes it
			}
			t.Path = filepath.Join(t.Path, carry.FileName("00000000", carry.RequestEnding))
		}
		if t.Kind == QRFile {
			if _, err := drawingFor(t.Path); err != nil {
				return err
			}
		}
		paths = append(paths, t.Path)
	}
	return checkPaths(paths, replace)
}

func checkPaths(paths []string, replace bool) error {
	seen := map[string]bool{}
	for _, given := range paths {
		path, err := filepath.Abs(given)
		if err != nil {
			path = filepath.Clean(given)
		}
		if seen[path] {
			return fault.New(fault.Usage, "app.same_target", "path", given)
		}
		seen[path] = true
		if err := durable.Check(given, replace); err != nil {
			return err
		}
	}
	return nil
}

// IsFolder reports whether a target's path means a folder: it is one, or ends in a
// separator.
func IsFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || path != "" && os.IsPathSeparator(path[len(path)-1])
}

// makeFolders makes the targets' folders that are missing. Unmake removes those that it has
// made, if they are empty.
func makeFolders(targets []Target) (unmake func(), err error) {
	var made []string // innermost first
	unmake = func() {
		for _, folder := range made {
			_ = durable.Remove(folder)
		}
	}
	for _, t := range targets {
		if !t.Folder {
			continue
		}
		var missing []string
		for at := filepath.Clean(t.Path); ; at = filepath.Dir(at) {
			if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
				break
			}
			missing = append(missing, at)
		}
		made = append(missing, made...)
		if len(missing) == 0 {
			continue
		}
		if err := durable.Folder(t.Path); err != nil {
			unmake()
			return nil, err
		}
	}
	return unmake, nil
}

// numbered returns the path of a code's file. Of several codes each has its number before
// the ending.
func numbered(path string, code *carry.Code) string {
	if code.Count == 1 {
		return path
	}
	end := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, end), code.Number, end)
}

// drawingFor returns the function that draws a code for a file, by its ending: .png or
// .svg.
func drawingFor(path string) (draw func(*carry.Code) ([]byte, error), err error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png":
		return func(c *carry.Code) ([]byte, error) { return c.PNG(carry.ModulePixels) }, nil
	case ".svg":
		return func(c *carry.Code) ([]byte, error) { return c.SVG(), nil }, nil
	}
	return nil, fault.New(fault.Usage, "app.code_form", "path", path)
}

// outputFile is a file that is about to be written.
type outputFile struct {
	kind Kind
	path string
	data []byte
}
