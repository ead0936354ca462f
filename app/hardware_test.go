package app

import (
	"context"
	"path/filepath"
	"testing"

	"handback/app/apptest"
)

func TestAHardwareIDIsTakenFromWhateverHoldsIt(t *testing.T) {
	b, _ := withJournal(t)
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: at("a.req")}, {Kind: QRFile, Path: at("a.png")}, {Kind: SheetFile, Path: at("a.html")}}})
	unsigned := b.create(t, Create{Unsigned: true, Targets: []Target{{Kind: RequestFile, Path: at("a.handback")}, {Kind: QRFile, Path: at("b.png")}}})
	for name, text := range map[string]string{"a.lic": `{"license":{"hardware_id":"` + hardwareID + `"}}`, "none.txt": "hello", "json.req": string(unsigned.JSON())} {
		apptest.Write(t, at(name), text)
	}
	for _, name := range []string{"a.req", "a.png", "a.html", "a.handback", "b.png", "a.lic", "json.req"} {
		if id, err := b.HardwareIDFrom(context.Background(), at(name)); err != nil || id != hardwareID {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	for name, want := range map[string]string{"none.txt": "machine.file_unreadable", "missing": "durable.unreadable"} {
		if id, err := b.HardwareIDFrom(context.Background(), at(name)); apptest.Key(err) != want {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
}
