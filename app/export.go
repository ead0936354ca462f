package app

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"handback/app/carry"
	"handback/app/drives"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/words"
)

// Target is a file to write a request into.
type Target struct {
	Kind    Kind
	Path    string        // empty, of a request file: the proposed name, in the current folder
	Folder  bool          // Path is a folder, made if it is missing; the request file gets the proposed name there
	Density carry.Density // of codes; empty: normal
}

// Kind is a form that a request is carried in. A code's file is a PNG or an
// SVG, as its name ends; of several codes each has a file, NAME-1.png and so on.
type Kind string

// The kinds.
const (
	RequestFile Kind = "request" // of a hand-off: HandoffFile
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

// FileName is the name proposed for a request's file.
func (c *Created) FileName() string {
	if c.Handoff {
		return carry.FileName(c.RequestID, carry.HandoffEnding)
	}
	return carry.FileName(c.RequestID, carry.RequestEnding)
}

// File is the content of a request's file.
func (a *App) File(c *Created) []byte {
	if c.Handoff {
		return carry.Handoff(handoffText(a.Words, c.Request, a.Contact(), a.Profile.Practice), c.Encode())
	}
	return []byte(c.Encode())
}

// named gives the request file that has no name the proposed one.
func (c *Created) named(targets []Target) []Target {
	all := slices.Clone(targets)
	for i := range all {
		if all[i].Path == "" || all[i].Folder {
			all[i].Path = filepath.Join(all[i].Path, c.FileName())
			all[i].Folder = false
		}
	}
	return all
}

// CheckTargets tells, without writing, whether Export would refuse a target.
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
		if t.Kind == QRFile && codeForm(t.Path) == nil {
			return fault.New(fault.Usage, "app.code_form", "path", t.Path)
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

// Export writes a request into further targets, lists them in its Files, and
// notes them in the journal if the request is kept there. When one fails, those
// this call made are removed again; a file that was replaced stays replaced.
func (a *App) Export(c *Created, targets []Target, replace bool) error {
	files, err := a.export(c, targets, replace)
	if err == nil && c.kept {
		a.note(c, exports(files)...)
	}
	return err
}

func (a *App) export(c *Created, targets []Target, replace bool) ([]File, error) {
	if err := CheckTargets(targets, replace); err != nil {
		return nil, err
	}
	unmake, err := makeFolders(targets)
	if err != nil {
		return nil, err
	}
	files, err := a.exportNamed(c, c.named(targets), replace)
	if err != nil {
		unmake()
	}
	return files, err
}

// IsFolder tells whether a target's path means a folder: there is one, or the
// path ends in a separator.
func IsFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || path != "" && os.IsPathSeparator(path[len(path)-1])
}

// makeFolders makes the folders that are missing. What unmake removes again is
// what this made, and only while it is empty.
func makeFolders(targets []Target) (unmake func(), err error) {
	var made []string // the innermost first
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

func (a *App) exportNamed(c *Created, targets []Target, replace bool) ([]File, error) {
	if err := CheckTargets(targets, replace); err != nil {
		return nil, err
	}
	forms, err := a.forms(c, targets, replace)
	if err != nil {
		return nil, err
	}
	forget := a.pend(forms)
	written, err := writeAll(forms, replace, a.settle)
	forget()
	c.Files = append(c.Files, written...)
	for _, f := range written {
		if durable.Exposed(f.Path) {
			c.Warnings = append(c.Warnings, words.Say("app.warn.exposed", "path", f.Path))
		}
	}
	return written, err
}

// writeAll writes files and then does something with each. When one fails, those
// that this call made are removed again.
func writeAll(forms []form, replace bool, then ...func(path string) error) (written []File, err error) {
	var made []string
	defer func() {
		if err != nil {
			for _, path := range made {
				_ = durable.Remove(path)
			}
		}
	}()
	for _, f := range forms {
		_, before := os.Lstat(f.path)
		if err := durable.Write(f.path, f.data, replace); err != nil {
			return nil, err
		}
		if before != nil {
			made = append(made, f.path)
		}
		path, err := filepath.Abs(f.path)
		if err != nil {
			return nil, fault.New(fault.Write, "durable.folder", "folder", f.path).Because(err)
		}
		sum := sha256.Sum256(f.data)
		written = append(written, File{f.kind, path, len(f.data), hex.EncodeToString(sum[:])})
	}
	for _, f := range written {
		for _, do := range then {
			if err := do(f.Path); err != nil {
				return nil, err
			}
		}
	}
	return written, nil
}

// Drive is the removable drive that a file lies on, if it lies on one.
func (a *App) Drive(path string) (drives.Drive, bool) {
	for _, d := range a.Drives() {
		if inside, err := filepath.Rel(d.Path, path); err == nil && filepath.IsLocal(inside) {
			return d, true
		}
	}
	return drives.Drive{}, false
}

// settle sees to it that what was written onto a drive is on it, so that it may
// be taken out.
func (a *App) settle(path string) error {
	drive, ok := a.Drive(path)
	if !ok {
		return nil
	}
	if err := drives.Flush(drive.Path); err != nil {
		return fault.New(fault.Write, "app.drive", "drive", drive.Name).Because(err)
	}
	return nil
}

// form is one file that a request is carried in.
type form struct {
	kind Kind
	path string
	data []byte
}

// forms are the files of all targets, none of which may be refused.
func (a *App) forms(c *Created, targets []Target, replace bool) ([]form, error) {
	var all []form
	var paths []string
	for _, t := range targets {
		forms, err := a.formsOf(c, t)
		if err != nil {
			return nil, err
		}
		all = append(all, forms...)
	}
	for _, f := range all {
		paths = append(paths, f.path)
	}
	return all, checkPaths(paths, replace)
}

func (a *App) formsOf(c *Created, t Target) ([]form, error) {
	if t.Kind == RequestFile {
		kind := t.Kind
		if c.Handoff {
			kind = HandoffFile
		}
		return []form{{kind, t.Path, a.File(c)}}, nil
	}
	if t.Kind == SheetFile {
		page, err := a.Sheet(c, t.Density)
		return []form{{t.Kind, t.Path, page}}, err
	}
	codes, err := c.Codes(cmp.Or(t.Density, carry.NormalDensity))
	if err != nil {
		return nil, err
	}
	var forms []form
	for _, code := range codes {
		picture, err := codeForm(t.Path)(code)
		if err != nil {
			return nil, err
		}
		forms = append(forms, form{t.Kind, numbered(t.Path, code), picture})
	}
	return forms, nil
}

// numbered is the name of a code's file: of one among several, with its number
// before the ending.
func numbered(path string, code *carry.Code) string {
	if code.Count == 1 {
		return path
	}
	end := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, end), code.Number, end)
}

// codeForm is how a code is drawn for a file of this name; nil for a name
// that says neither PNG nor SVG.
func codeForm(path string) func(*carry.Code) ([]byte, error) {
	return map[string]func(*carry.Code) ([]byte, error){
		".png": func(c *carry.Code) ([]byte, error) { return c.PNG(carry.ModulePixels) },
		".svg": func(c *carry.Code) ([]byte, error) { return c.SVG(), nil },
	}[strings.ToLower(filepath.Ext(path))]
}
