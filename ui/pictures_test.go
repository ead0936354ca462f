package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"handback/app"
	"handback/app/words"
)

// TestPicturesOfAllPages draws every page and state, in each language, light and dark, at
// two sizes of the text and on three screens, into the folder named by HANDBACK_PICTURES.
// They are for people to look at. A part of the test's name, such as /de/dark/, draws these
// alone.
func TestPicturesOfAllPages(t *testing.T) {
	folder := os.Getenv("HANDBACK_PICTURES")
	if folder == "" {
		t.Skip("make screenshots draws the pictures")
	}
	screens := []struct {
		name  string
		size  fyne.Size // in units, less the window's frame
		scale float32
	}{
		{"1024x600", fyne.NewSize(1024, 560), 1},
		{"1366x768", fyne.NewSize(1366, 728), 1},
		{"4K", fyne.NewSize(1920, 1040), 2},
	}
	for _, language := range words.Languages() {
		t.Run(language, func(t *testing.T) {
			for _, look := range []app.Look{app.Light, app.Dark} {
				t.Run(string(look), func(t *testing.T) {
					for _, percent := range []int{100, 150} {
						t.Run(fmt.Sprint(percent), func(t *testing.T) {
							settings := app.Settings{Language: language, Look: look, TextSize: percent}
							for _, screen := range screens {
								t.Run(screen.name, func(t *testing.T) {
									count := 0
									all(t, settings, func(name string, d *desk) {
										d.window.Resize(screen.size)
										d.setScale(screen.scale)
										d.settle()
										count++
										file := fmt.Sprintf("%s-%s-%d-%s/%03d %s.png", language, look, percent, screen.name, count, strings.ReplaceAll(name, "/", "-"))
										d.draw(filepath.Join(folder, file))
									})
								})
							}
						})
					}
				})
			}
		})
	}
}

// all visits every page, the first start, and a desk in the morning.
func all(t *testing.T, settings app.Settings, visit func(name string, d *desk)) {
	first := begin(t, app.Settings{})
	first.wear(settings)
	visit("first start", first)
	several := begin(t, app.Settings{}, acme, strings.ReplaceAll(acme, "Acme CAD", "Bolt CAM"))
	several.wear(settings)
	visit("first start with two profiles", several)
	d, paths, _ := morning(t)
	d.wear(settings)
	d.tabs.SelectIndex(submitTab)
	visit("desk, nothing yet", d)
	var uris []fyne.URI
	for _, path := range paths {
		uris = append(uris, storage.NewFileURI(path))
	}
	d.dropped(uris)
	visit("desk, 31 dropped", d)
	d.tap("ui.send")
	visit("desk, asked to sign", d)
	if d.dialog != nil {
		d.tap("ui.cancel")
	}
	visit("desk, sent", d)
	d.tabs.SelectIndex(historyTab)
	visit("desk, history", d)
	pages(t, settings, visit)
}

// draw writes a picture of the window.
func (d *desk) draw(path string) {
	d.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer file.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(file, d.window.Canvas().Capture()); err != nil {
		d.t.Fatal(err)
	}
}
