package crash

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/durable"
)

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// F61: a real crash, in a child process.
func TestACrashIsReportedOnTheNextStartWithoutWhoseLicenseItWas(t *testing.T) {
	if folder := os.Getenv("CRASH_INTO"); folder != "" {
		Watch(folder, "0.0.0", now)
		panic("no such device: GPYC-X5J2-L5SK-C3LK of anna@example.com, signed 7w4rGvSzaKi2pcx2McK3jAgK6Oc3KgokdR7TvJ8W9k0abc=")
	}
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "CRASH_INTO="+folder)
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Fatalf("it did not crash: %s", out)
	}
	all := Reports(folder)
	if len(all) != 1 {
		t.Fatalf("%d reports", len(all))
	}
	text := all[0].Text
	for _, said := range []string{"Handback 0.0.0", "no such device", "goroutine", "crash_test.go", "…C3LK"} {
		if !strings.Contains(text, said) {
			t.Errorf("it does not say %q:\n%s", said, text)
		}
	}
	for _, secret := range []string{"GPYC", "anna", "7w4rGv"} {
		if strings.Contains(text, secret) {
			t.Errorf("it says %q", secret)
		}
	}
	Remove(all)
	if left := apptest.Names(t, folder); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// F106: the report itself is not locked.
func TestAProgramThatEndsWellOrStillRunsIsNoCrash(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "crashes")
	end := Watch(folder, "0.0.0", now)
	watched := apptest.Names(t, folder)
	if len(watched) != 2 {
		t.Fatalf("watched: %v", watched)
	}
	// On Windows nobody can write to a locked file, not even the runtime.
	report := durable.NewLock(filepath.Join(folder, watched[1]))
	if free, err := report.TryLock(); !free || err != nil || filepath.Ext(report.Path()) != ending {
		t.Errorf("%s is locked: %v", report.Path(), err)
	}
	_ = report.Close()
	if all := Reports(folder); len(all) != 0 || len(apptest.Names(t, folder)) != 2 {
		t.Errorf("while it runs: %v, %v", all, apptest.Names(t, folder))
	}
	end()
	if left := apptest.Names(t, folder); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	Watch(filepath.Join(folder, "\x00"), "0.0.0", now)() // an invalid folder
}

func TestTheNewestFiveReportsAreKeptAndSilentOnesRemoved(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a [folder]")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		text := "Handback\n\npanic: " + name
		if name == "6" {
			text = "Handback\n\n" // killed without output
		}
		apptest.Write(t, filepath.Join(folder, name+ending), text)
	}
	var said []string
	for _, r := range Reports(folder) {
		said = append(said, r.Text[len(r.Text)-1:])
	}
	if strings.Join(said, "") != "75432" || len(apptest.Names(t, folder)) != 5 {
		t.Errorf("%v, of %v", said, apptest.Names(t, folder))
	}
}
