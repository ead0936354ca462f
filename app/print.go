package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"handback/app/durable"
	"handback/app/machine"
)

// Save writes a request to one target as [App.Export] does, and returns the files. If all
// of them exist and have the same content already, they are replaced without replace set.
func (a *App) Save(c *Outgoing, t Target, replace bool) ([]File, error) {
	if err := CheckTargets([]Target{t}, true); err != nil {
		return nil, err
	}
	outputs, err := a.outputsOf(c, t)
	if err != nil {
		return nil, err
	}
	before := len(c.Files)
	if err := a.Export(c, []Target{t}, replace || unchanged(outputs)); err != nil {
		return nil, err
	}
	return c.Files[before:], nil
}

// unchanged reports whether all files exist and have the content that is to be written.
func unchanged(outputs []outputFile) bool {
	for _, f := range outputs {
		info, err := os.Lstat(f.path)
		if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(f.data)) {
			return false
		}
		if data, err := os.ReadFile(f.path); err != nil || !bytes.Equal(data, f.data) {
			return false
		}
	}
	return true
}

// PrintSheet writes a sheet to print, and returns its file. If another file has the name,
// the sheet gets the next free one, with a number: whoever prints is not asked.
func (a *App) PrintSheet(c *Outgoing, t Target) (File, error) {
	var files []File
	err := writeToFreeName(t.Path, func(path string) (err error) {
		t.Path = path
		files, err = a.Save(c, t, false)
		return err
	})
	if err != nil {
		return File{}, err
	}
	return files[0], nil
}

// PrintCard writes the card of a hardware ID to a folder, as [App.PrintSheet] does, and
// returns its path.
func (a *App) PrintCard(folder string, id machine.HardwareID) (path string, err error) {
	page, err := a.Card(id)
	if err != nil {
		return "", err
	}
	err = writeToFreeName(filepath.Join(folder, cardName(id)), func(name string) error {
		path = name
		return durable.Write(name, page, unchanged([]outputFile{{path: name, data: page}}))
	})
	return path, err
}

// writeToFreeName calls write with a path, or with a number appended to its name while
// write fails because the file exists.
func writeToFreeName(path string, write func(path string) error) error {
	end := filepath.Ext(path)
	err := write(path)
	for n := 2; n < 1000 && errors.Is(err, durable.ErrExists); n++ {
		err = write(fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, end), n, end))
	}
	return err
}
