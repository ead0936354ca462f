package app

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
)

// Target is a file to write a request into.
type Target struct {
	Kind Kind
	Path string
}

// Kind is a form that a request is carried in. A code's file is a PNG or an
// SVG, as its name ends.
type Kind string

// The kinds.
const (
	RequestFile Kind = "request"
	QRFile      Kind = "qr"
)

// File is a file that was written.
type File struct {
	Kind   Kind   `json:"kind"`
	Path   string `json:"path"` // absolute
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"` // lowercase hex
}

// FileName is the name proposed for a request's file.
func (c *Created) FileName() string { return carry.FileName(c.RequestID) }

// CheckTargets tells, without writing, whether Export would refuse a target.
func CheckTargets(targets []Target, replace bool) error {
	seen := map[string]bool{}
	for _, t := range targets {
		if t.Kind == QRFile && codeForm(t.Path) == nil {
			return fault.New(fault.Usage, "app.code_form", "path", t.Path)
		}
		path, err := filepath.Abs(t.Path)
		if err != nil {
			path = filepath.Clean(t.Path)
		}
		if seen[path] {
			return fault.New(fault.Usage, "app.same_target", "path", t.Path)
		}
		seen[path] = true
		if err := durable.Check(t.Path, replace); err != nil {
			return err
		}
	}
	return nil
}

// Export writes a request into further targets, and lists them in its Files.
// When one fails, those this call made are removed again; a file that was
// replaced stays replaced.
func (a *App) Export(c *Created, targets []Target, replace bool) (err error) {
	if err := CheckTargets(targets, replace); err != nil {
		return err
	}
	var written []File
	var made []string
	defer func() {
		if err != nil {
			for _, path := range made {
				_ = os.Remove(path)
			}
		}
	}()
	for _, t := range targets {
		data, err := c.form(t)
		if err != nil {
			return err
		}
		_, before := os.Lstat(t.Path)
		if err := durable.Write(t.Path, data, replace); err != nil {
			return err
		}
		if before != nil {
			made = append(made, t.Path)
		}
		path, err := filepath.Abs(t.Path)
		if err != nil {
			return fault.New(fault.Write, "durable.folder", "folder", t.Path).Because(err)
		}
		sum := sha256.Sum256(data)
		written = append(written, File{t.Kind, path, len(data), hex.EncodeToString(sum[:])})
	}
	c.Files = append(c.Files, written...)
	return nil
}

// form is the bytes of a request as a target carries it.
func (c *Created) form(t Target) ([]byte, error) {
	if t.Kind == RequestFile {
		return []byte(c.Encode()), nil
	}
	code, err := c.Code()
	if err != nil {
		return nil, err
	}
	return codeForm(t.Path)(code)
}

// codeForm is how a code is drawn for a file of this name; nil for a name
// that says neither PNG nor SVG.
func codeForm(path string) func(*carry.Code) ([]byte, error) {
	return map[string]func(*carry.Code) ([]byte, error){
		".png": func(c *carry.Code) ([]byte, error) { return c.PNG(carry.ModulePixels) },
		".svg": func(c *carry.Code) ([]byte, error) { return c.SVG(), nil },
	}[strings.ToLower(filepath.Ext(path))]
}
