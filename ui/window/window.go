// Package window starts Fyne and opens the window of package [handback/ui] in it. It is
// what the program handback-window consists of, and the only package that imports
// Fyne's app.
package window

import (
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
	"github.com/adrg/xdg"

	"handback/app"
	"handback/app/brand"
	"handback/app/clipboard"
	"handback/app/crash"
	"handback/app/words"
	"handback/assets"
	"handback/ui"
)

// Run opens the window with the arguments of a command line, and returns the program's
// exit status when the window has been closed.
func Run(line []string) (status int) {
	usual := debug.SetGCPercent(-1) // until the window is there: what starts is short
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
		fmt.Println(texts.Text("window.flags"))
		return 0
	case given.version:
		fmt.Println(brand.Current().Window(), app.Packaged())
		fmt.Println(strings.Join(app.About(texts), "\n"))
		return 0
	}
	watchDriver(texts)
	var u *ui.UI
	// Until the window is there, fyne.Do keeps what is to be done.
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
	u = ui.New(window, ui.Options{
		Home:       home,
		Profile:    given.profile,
		Settings:   settings,
		Problem:    problem,
		System:     system,
		Words:      texts,
		Accessible: accessible,
		Folder:     documents(),
		Places:     places(),
		Start:      func(job func()) { go job() },
		Do:         fyne.Do,
		Settle:     100 * time.Millisecond,
		Picture:    clipboard.Picture,
		Browse:     func(path string) error { return fyneApp.OpenURL(fileURL(path)) },
	})
	// Shown before the driver runs, a window that cannot be made would leave
	// the program waiting for ever, unseen.
	fyneApp.Lifecycle().SetOnStarted(func() {
		window.Show()
		window.SetIcon(fyne.NewStaticResource("icon.svg", assets.Icon)) // drawing it first would cost 15 ms
		u.Open(given.files...)
		go func() { // what takes time waits until the window is there
			debug.SetGCPercent(usual)
			debug.FreeOSMemory() // of what reading typefaces and pictures took
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

// fileURL is the address of a file, of which Windows has a drive's letter first.
func fileURL(path string) *url.URL {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return &url.URL{Scheme: "file", Path: path}
}

// documents is the folder proposed for files, the current one where the
// system names none.
func documents() string {
	for _, folder := range []string{xdg.UserDirs.Documents, xdg.Home} {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			return folder
		}
	}
	folder, _ := filepath.Abs(".")
	return folder
}

// places are the folders in which people keep files.
func places() []string {
	all := []string{xdg.UserDirs.Documents, xdg.UserDirs.Download, xdg.UserDirs.Desktop, xdg.Home}
	return slices.DeleteFunc(all, func(folder string) bool { return !app.IsFolder(folder) })
}

// watchDriver ends the program with a message that names the command when
// there is no display, or no OpenGL. Fyne only logs these two and goes on, or
// exits silently.
func watchDriver(texts *words.Words) {
	log.SetOutput(&driverLog{complain: func() {
		complain(texts.Text("window.no_display") + "\n" + texts.Text("window.no_display.advice"))
		os.Exit(1)
	}})
}
