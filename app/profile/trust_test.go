package profile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"handback/app/durable"
)

// F73: who can write a profile decides where requests go.
func TestAProfileThatOthersCanChangeIsNotBelieved(t *testing.T) {
	if filepath.Separator != '/' {
		return // Windows uses access lists
	}
	const text = "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = 'x'\n"
	for _, row := range []struct {
		folder, file         os.FileMode
		ownOpen, machineOpen bool
	}{
		{0o755, 0o644, false, false}, {0o775, 0o644, false, true}, {0o755, 0o664, false, true}, {0o777, 0o644, true, true}, {0o755, 0o666, true, true},
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "acme.toml")
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, row.file), os.Chmod(folder, row.folder)); err != nil {
			t.Fatal(err)
		}
		for name, of := range map[string]struct {
			folders Folders
			open    bool
		}{
			"own":     {Folders{Own: folder}, row.ownOpen},
			"machine": {Folders{Own: t.TempDir(), Machine: folder}, row.machineOpen},
		} {
			all, err := List(of.folders)
			if (err != nil) != of.open || (len(all) == 0) != of.open {
				t.Errorf("%s, folder %v, file %v: %v, %v", name, row.folder, row.file, all, err)
			}
			if _, err := Choose(of.folders, ""); name == "own" && errors.Is(err, durable.ErrOpen) != of.open {
				t.Errorf("%s, folder %v, file %v: %v", name, row.folder, row.file, err)
			}
		}
	}
}
