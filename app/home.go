package app

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/adrg/xdg"

	"handback/app/brand"
	"handback/app/durable"
	"handback/app/fault"
)

// homeVariable names the home folder in the environment.
const homeVariable = "HANDBACK_HOME"

// Home returns the folder of profiles, journal and settings: what HANDBACK_HOME names,
// or the folder COMMAND-home beside the program, as the portable archive has it, so that
// all of it can live on a stick; else the system's own place. It fails where
// HANDBACK_HOME is not absolute, since each working directory would have a journal of
// its own, and where other users of this computer can change the folder.
func Home(environment func(string) string) (string, error) {
	if home := environment(homeVariable); home != "" {
		if !filepath.IsAbs(home) {
			return "", fault.New(fault.Usage, "app.home_relative", "variable", homeVariable, "folder", home)
		}
		return home, checkHome(home, durable.CheckShared)
	}
	if program, err := os.Executable(); err == nil {
		if home := portable(program); home != "" {
			return home, checkHome(home, func(path string) error { return trust(path, program) })
		}
	}
	home := systemHome()
	return home, checkHome(home, durable.CheckShared)
}

// checkHome refuses a home folder where others can change it, or one of the folders in
// it.
func checkHome(home string, check func(path string) error) error {
	for _, folder := range []string{"", "profiles", "journal", "journal/locks", "crashes", "pending"} {
		if err := check(filepath.Join(home, folder)); err != nil {
			return err
		}
	}
	return nil
}

// trust refuses a folder beside the program that others can change, unless they can
// change the program too.
func trust(folder, program string) error {
	err := durable.CheckPrivate(folder)
	if err == nil || durable.CheckPrivate(program) != nil {
		return nil
	}
	return err
}

// systemHome is the home folder in the system's own place for settings. What a package's
// scripts run may have no HOME, for which xdg would take the root of all folders.
var systemHome = sync.OnceValue(func() string {
	if os.Getenv("HOME") == "" && runtime.GOOS != "windows" {
		if person, err := user.Current(); err == nil && os.Setenv("HOME", person.HomeDir) == nil {
			xdg.Reload()
		}
	}
	return filepath.Join(xdg.ConfigHome, brand.Current().Command)
})

// portable is the folder beside a program that keeps everything; empty where there is
// none.
func portable(program string) string {
	home := filepath.Join(filepath.Dir(program), brand.Current().Command+"-home")
	if info, err := os.Lstat(home); err != nil || !info.IsDir() {
		return ""
	}
	return home
}

// CrashFolder is where the window's crash reports lie.
func CrashFolder(home string) string { return filepath.Join(home, "crashes") }
