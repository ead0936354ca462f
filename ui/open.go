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

// Open reads files and folders: the arguments of the program, what was dropped, and what
// was chosen or pasted come here. A profile is imported, after a question; all else is
// read on the page that submits.
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

// read lists what inputs hold in the batch, and goes on with it. The only profile among
// them is not listed: after that, it is asked whether to import it.
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
				only, others = -1, inputs // of several, none is before the others
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

// openFirst reads files before a profile was chosen: that of the first request is the
// one to use. Where there is none, the question for it stays, and what was read is
// listed behind it.
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

// pathsIn are the files and folders that a file manager put into the clipboard, a line
// each, as addresses or as paths, of which at least one is there; nil where the text is
// anything else.
func pathsIn(text string) (paths []string) {
	there := false
	for line := range strings.Lines(text) {
		line = strings.Trim(line, "\r\n\x00")
		switch uri, err := storage.ParseURI(strings.Replace(line, "file://localhost/", "file:///", 1)); {
		case line == "" || strings.HasPrefix(line, "#"): // as in a list of addresses
		case len(paths) == 0 && slices.Contains([]string{"x-special/nautilus-clipboard", "copy", "cut"}, line): // GNOME's
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
