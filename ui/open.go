package ui

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"handback/app"
	"handback/app/profile"
)

// Open reads files and folders that were given as arguments, dropped, chosen or pasted. A
// single profile is imported, after a question; anything else is read on the page that
// submits.
func (u *UI) Open(paths ...string) {
	switch {
	case len(paths) == 0:
	case len(paths) == 1 && profile.Is(paths[0]):
		u.importProfile(paths[0])
	case u.app == nil:
		u.openFirst(paths)
	default:
		u.tabs.SelectIndex(submitTab)
		u.submit.add(inputsOf(paths))
	}
}

func inputsOf(paths []string) (inputs []app.Input) {
	for _, path := range paths {
		inputs = append(inputs, app.Input{Name: path})
	}
	return inputs
}

// read adds inputs to the batch and calls then with the IDs of their rows. If exactly one
// input is a profile, it is not added; read then asks whether to import it.
func (u *UI) read(inputs []app.Input, then func(ids []int)) {
	var ids []int
	only := -1
	u.workForPage(func() {
		isProfile := func(one app.Input) bool { return one.Data == nil && profile.Is(one.Name) }
		only = slices.IndexFunc(inputs, isProfile)
		others := inputs
		if only >= 0 {
			others = slices.Delete(slices.Clone(inputs), only, only+1)
			if slices.ContainsFunc(others, isProfile) {
				only, others = -1, inputs // of several, which one to import is not clear
			}
		}
		ids = u.batch.Add(context.Background(), others...)
	}, func() {
		then(ids)
		if only >= 0 {
			u.importProfile(inputs[only].Name)
		}
	})
}

// openFirst reads files before a profile is chosen, and uses the profile of the first
// request that has one. If none has, the window still asks for a profile, and the files
// are listed once one is chosen.
func (u *UI) openFirst(paths []string) {
	u.read(inputsOf(paths), func(ids []int) {
		for _, row := range u.batch.Rows() {
			if row.App == nil || u.app != nil {
				continue
			}
			if err := u.use(row.App.Profile); err != nil {
				u.showFailure(err)
				return
			}
		}
		if u.app != nil {
			u.tabs.SelectIndex(submitTab)
			u.submit.added(ids)
		} else if u.asksForProfile() {
			u.showWelcome() // it says that the files are listed soon
		}
	})
}

func (u *UI) dropped(uris []fyne.URI) {
	var paths []string
	for _, uri := range uris {
		paths = append(paths, uri.Path())
	}
	u.Open(paths...)
}

// pathsIn returns the paths that a file manager put into the clipboard: one per line, as
// file URLs or absolute paths. It returns nil if text is anything else, or no path
// exists.
func pathsIn(text string) (paths []string) {
	there := false
	for line := range strings.Lines(text) {
		line = strings.Trim(line, "\r\n\x00")
		switch uri, err := storage.ParseURI(strings.Replace(line, "file://localhost/", "file:///", 1)); {
		case line == "" || strings.HasPrefix(line, "#"): // a comment (text/uri-list, RFC 2483)
		case len(paths) == 0 && slices.Contains([]string{"x-special/nautilus-clipboard", "copy", "cut"}, line): // from GNOME
		case strings.HasPrefix(line, "file:") && err == nil:
			paths, there = append(paths, uri.Path()), true
		default:
			path := strings.Trim(line, `"`) // Windows' "Copy as path"
			if !filepath.IsAbs(path) {
				return nil
			}
			paths = append(paths, path)
			there = there || app.IsThere(path)
		}
	}
	if !there {
		return nil
	}
	return paths
}
