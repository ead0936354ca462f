package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"handback/app/apptest"
	"handback/app/durable"
)

// F113: each working directory would have its own journal, which does not know what was
// sent from another one.
func TestAHomeFolderThatIsNotAbsoluteIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, named := range []string{"~/hb", "hb", "./hb", "..", `"` + t.TempDir() + `"`, "'/srv/hb'", " /srv/hb", "$HOME/hb", `"C:\hb"`} {
		home, err := Home(func(string) string { return named })
		if apptest.Key(err) != "app.home_relative" || home != "" {
			t.Errorf("%s: %q, %v", named, home, err)
		}
	}
	if left, _ := os.ReadDir("."); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// F73: whoever can write there could make everybody use their profiles.
func TestAHomeFolderThatEverybodyCanChangeIsRefused(t *testing.T) {
	home := t.TempDir()
	for _, row := range []struct {
		mode os.FileMode
		open bool
	}{{0o700, false}, {0o755, false}, {0o770, false}, {0o777, true}, {os.ModeSticky | 0o777, true}, {0o702, true}} {
		if err := os.Chmod(home, row.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Home(func(string) string { return home }); filepath.Separator == '/' && errors.Is(err, durable.ErrOpen) != row.open {
			t.Errorf("%v: %v", row.mode, err)
		}
	}
}

// F73: a folder beside the program is trusted as much as the program itself.
func TestAFolderBesideTheProgramThatOthersCanChangeIsRefused(t *testing.T) {
	folder := t.TempDir()
	program, home := filepath.Join(folder, "handback"), filepath.Join(folder, "handback-home")
	if err := errors.Join(os.WriteFile(program, nil, 0o600), os.Mkdir(home, 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		program, home os.FileMode
		open          bool
	}{
		{0o755, 0o700, false}, {0o755, 0o755, false}, {0o755, 0o775, true}, {0o755, 0o777, true}, {0o755, os.ModeSticky | 0o777, true},
		{0o777, 0o777, false}, // as on a stick: anybody can change the program, too
	} {
		if err := errors.Join(os.Chmod(program, row.program), os.Chmod(home, row.home)); err != nil {
			t.Fatal(err)
		}
		if err := trust(home, program); filepath.Separator == '/' && errors.Is(err, durable.ErrOpen) != row.open {
			t.Errorf("the program %v, the folder %v: %v", row.program, row.home, err)
		}
	}
	if os.Getuid() != 0 {
		return // only root can give a folder away
	}
	if err := errors.Join(os.Chmod(program, 0o755), os.Chmod(home, 0o755), os.Chown(home, 1000, 1000)); err != nil {
		t.Fatal(err)
	}
	if err := trust(home, program); !errors.Is(err, durable.ErrOpen) {
		t.Errorf("another user's: %v", err)
	}
}

// F73: the same holds for the folders in it.
func TestAFolderInTheHomeThatEverybodyCanChangeIsRefused(t *testing.T) {
	if filepath.Separator != '/' {
		return // Windows has access lists instead
	}
	for _, name := range []string{"profiles", "journal", "journal/locks", "crashes", "pending"} {
		home := t.TempDir()
		folder := filepath.Join(home, name)
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.Chmod(folder, 0o777)); err != nil {
			t.Fatal(err)
		}
		if _, err := Home(func(string) string { return home }); !errors.Is(err, durable.ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
