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

// Home returns the folder of profiles, journal and settings: that in HANDBACK_HOME, else
// the folder COMMAND-home beside the program, which the portable archive has, so that
// everything can be on a stick, else the system's place for settings. It fails if
// HANDBACK_HOME is a relative path, because each working directory would then have its own
// journal, and if other users of this computer can change the folder.
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

// checkHome fails if others can change the home folder, or a folder in it.
func checkHome(home string, check func(path string) error) error {
	for _, folder := range []string{"", "profiles", "journal", "journal/locks", "crashes", "pending"} {
		if err := check(filepath.Join(home, folder)); err != nil {
			return err
		}
	}
	return nil
}

// trust fails if others can change a folder beside the program, unless they can change the
// program, too.
func trust(folder, program string) error {
	err := durable.CheckPrivate(folder)
	if err == nil || durable.CheckPrivate(program) != nil {
		return nil
	}
	return err
}

// systemHome returns the home folder in the system's place for settings. Programs that a
// package's scripts run may have no HOME, and xdg would then take the root folder.
var systemHome = sync.OnceValue(func() string {
	if os.Getenv("HOME") == "" && runtime.GOOS != "windows" {
		if person, err := user.Current(); err == nil && os.Setenv("HOME", person.HomeDir) == nil {
			xdg.Reload()
		}
	}
	return filepath.Join(xdg.ConfigHome, brand.Current().Command)
})

// portable returns the home folder beside a program, or an empty text if there is none.
func portable(program string) string {
	home := filepath.Join(filepath.Dir(program), brand.Current().Command+"-home")
	if info, err := os.Lstat(home); err != nil || !info.IsDir() {
		return ""
	}
	return home
}

// CrashFolder returns the folder of the window's crash reports.
func CrashFolder(home string) string { return filepath.Join(home, "crashes") }
