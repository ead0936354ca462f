package app

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"handback/app/drives"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/words"
)

// Export writes a request to more targets, appends them to its Files, and adds them to its
// record if it is in the journal. If one cannot be written, the files that this call has
// made are removed again; a file that was replaced stays replaced.
func (a *App) Export(c *Outgoing, targets []Target, replace bool) error {
	files, err := a.export(c, targets, replace)
	if err == nil && c.inJournal {
		a.note(c, exports(files)...)
	}
	return err
}

func (a *App) export(c *Outgoing, targets []Target, replace bool) ([]File, error) {
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

func (a *App) exportNamed(c *Outgoing, targets []Target, replace bool) ([]File, error) {
	outputs, err := a.outputs(c, targets, replace)
	if err != nil {
		return nil, err
	}
	forget := a.rememberFolders(outputs)
	written, err := writeAll(outputs, replace, a.flushDrive)
	forget()
	c.Files = append(c.Files, written...)
	for _, f := range written {
		if durable.Exposed(f.Path) {
			c.Warnings = append(c.Warnings, words.Say("app.warn.exposed", "path", f.Path))
		}
	}
	return written, err
}

// writeAll writes files and then calls the functions for each. If anything fails, the files
// that it has made are removed again.
func writeAll(outputs []outputFile, replace bool, then ...func(path string) error) (written []File, err error) {
	var made []string
	defer func() {
		if err != nil {
			for _, path := range made {
				_ = durable.Remove(path)
			}
		}
	}()
	for _, f := range outputs {
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

// Drive returns the removable drive that a file is on, and whether it is on one.
func (a *App) Drive(path string) (drives.Drive, bool) {
	for _, d := range a.Drives() {
		if inside, err := filepath.Rel(d.Path, path); err == nil && filepath.IsLocal(inside) {
			return d, true
		}
	}
	return drives.Drive{}, false
}

// flushDrive flushes the removable drive that holds path, if any, so that it can be
// unplugged.
func (a *App) flushDrive(path string) error {
	drive, ok := a.Drive(path)
	if !ok {
		return nil
	}
	if err := drives.Flush(drive.Path); err != nil {
		return fault.New(fault.Write, "app.drive", "drive", drive.Name).Because(err)
	}
	return nil
}

// outputs returns the files for all targets, or an error if any of them is not allowed.
func (a *App) outputs(c *Outgoing, targets []Target, replace bool) ([]outputFile, error) {
	var all []outputFile
	var paths []string
	for _, t := range targets {
		outputs, err := a.outputsOf(c, t)
		if err != nil {
			return nil, err
		}
		all = append(all, outputs...)
	}
	for _, f := range all {
		paths = append(paths, f.path)
	}
	return all, checkPaths(paths, replace)
}

func (a *App) outputsOf(c *Outgoing, t Target) ([]outputFile, error) {
	if t.Kind == RequestFile {
		kind := t.Kind
		if c.Handoff {
			kind = HandoffFile
		}
		return []outputFile{{kind, t.Path, a.File(c)}}, nil
	}
	if t.Kind == SheetFile {
		page, err := a.Sheet(c, t.Drawing)
		return []outputFile{{t.Kind, t.Path, page}}, err
	}
	codes, err := c.Codes(t.Drawing)
	if err != nil {
		return nil, err
	}
	draw, err := drawingFor(t.Path)
	if err != nil {
		return nil, err
	}
	var outputs []outputFile
	for _, code := range codes {
		picture, err := draw(code)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, outputFile{t.Kind, numbered(t.Path, code), picture})
	}
	return outputs, nil
}
