// Package window is the program handback-window. [Run] reads the command line, starts
// Fyne, and opens the window of package [handback/ui]. Of Handback's packages, only this
// one imports Fyne's app, which needs cgo and a graphics driver.
//
// It also has what depends on the operating system or the driver: files that Finder
// opens, the message for a computer without a display, and the build tag accessibility.
package window

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"
	"github.com/adrg/xdg"

	"handback/app"
	"handback/app/brand"
	"handback/app/clipboard"
	"handback/app/crash"
	"handback/app/portal"
	"handback/app/words"
	"handback/assets"
	"handback/ui"
)

// Run opens the window with the arguments of a command line, and returns the program's
// exit status once the window is closed.
func Run(line []string) (status int) {
	usual := debug.SetGCPercent(-1) // no garbage collection until the window is visible, for a faster start
	home, noHome := app.Home(os.Getenv)
	var settings app.Settings
	var problem error
	if noHome == nil {
		settings, problem = app.LoadSettings(home)
	}
	system := words.System()
	texts := words.For(append([]string{settings.Language}, system...)...)
	given, err := parse(line, texts)
	switch {
	case err != nil:
		complain(err.Error())
		return 2
	case given.help:
		fmt.Fprintln(os.Stdout, texts.Text("window.flags"))
		return 0
	case given.version:
		fmt.Fprintln(os.Stdout, brand.Current().Window(), app.Packaged())
		fmt.Fprintln(os.Stdout, strings.Join(app.About(texts), "\n"))
		return 0
	}
	watchDriver(texts)
	var u *ui.UI
	// Until Fyne runs, fyne.Do stores the functions to call.
	watchDocuments(func(paths []string) { fyne.Do(func() { u.Open(paths...) }) })

	fyneApp := fyneapp.NewWithID(brand.Current().ID)
	fyneApp.Settings().SetTheme(ui.Theme(settings, texts.Language()))
	window := fyneApp.NewWindow(texts.Text("ui.title"))
	window.Resize(fyne.NewSize(1000, 740))
	window.SetMaster()
	if noHome != nil {
		ui.Refuse(window, noHome, texts)
		window.ShowAndRun()
		return 0
	}
	away := false // used on the UI thread alone
	fyneApp.Lifecycle().SetOnEnteredForeground(func() { away = false })
	fyneApp.Lifecycle().SetOnExitedForeground(func() { away = true })
	u = ui.New(window, ui.Options{
		Home:        home,
		Profile:     given.profile,
		Settings:    settings,
		Problem:     problem,
		System:      system,
		Words:       texts,
		Accessible:  accessible,
		Folder:      documents(),
		Places:      places(),
		Start:       func(job func()) { go job() },
		Do:          fyne.Do,
		LayoutDelay: 100 * time.Millisecond,
		Picture:     clipboard.Picture,
		Choose: func(q portal.Question) ([]string, error) {
			q.Parent = portalHandle(window)
			return portal.Choose(context.Background(), q)
		},
		Notify: func(title, text string) { fyneApp.SendNotification(fyne.NewNotification(title, text)) },
		Away:   func() bool { return away },
		Browse: func(path string) error { return fyneApp.OpenURL(fileURL(path)) },
	})
	// If the window were shown before the driver runs and could not be made, the
	// program would wait forever, invisible.
	fyneApp.Lifecycle().SetOnStarted(func() {
		window.Show()
		window.SetIcon(fyne.NewStaticResource("icon.svg", assets.Icon)) // after Show: drawing the icon takes 15 ms
		u.Open(given.files...)
		go func() { // slow work waits until the window is visible
			debug.SetGCPercent(usual)
			debug.FreeOSMemory() // used for reading typefaces and pictures
			crashes := app.CrashFolder(home)
			reports := crash.Reports(crashes)
			end := crash.Watch(crashes, app.Packaged(), time.Now())
			fyne.Do(func() {
				fyneApp.Lifecycle().SetOnStopped(end)
				u.OfferReports(reports)
			})
		}()
	})
	fyneApp.Run()
	return 0
}

// portalHandle returns the name under which the desktop's portal knows a window, so that
// the dialog belongs to it; "" if it has none, as under Wayland.
func portalHandle(window fyne.Window) (handle string) {
	native, ok := window.(driver.NativeWindow)
	if !ok {
		return ""
	}
	fyne.DoAndWait(func() {
		native.RunNative(func(context any) {
			if x11, ok := context.(driver.X11WindowContext); ok {
				handle = fmt.Sprintf("x11:%x", x11.WindowHandle)
			}
		})
	})
	return handle
}

// fileURL returns the URL of a file. On Windows the path begins with a drive letter and
// needs a slash before it.
func fileURL(path string) *url.URL {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return &url.URL{Scheme: "file", Path: path}
}

// documents returns the folder proposed for files: the person's documents or home folder,
// or the current folder if the system names neither.
func documents() string {
	for _, folder := range []string{xdg.UserDirs.Documents, xdg.Home} {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			return folder
		}
	}
	folder, _ := filepath.Abs(".")
	return folder
}

// places returns the existing folders in which people usually store files.
func places() []string {
	all := []string{xdg.UserDirs.Documents, xdg.UserDirs.Download, xdg.UserDirs.Desktop, xdg.Home}
	return slices.DeleteFunc(all, func(folder string) bool { return !app.IsFolder(folder) })
}

// watchDriver ends the program, with a message that mentions the command, if there is no
// display or no OpenGL. Fyne only logs these errors, and then goes on or exits silently.
func watchDriver(texts *words.Words) {
	log.SetOutput(&driverLog{complain: func() {
		complain(texts.Text("window.no_display") + "\n" + texts.Text("window.no_display.advice"))
		os.Exit(1)
	}})
}
