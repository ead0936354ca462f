package ui

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"handback/app"
	"handback/app/carry"
)

// photograph returns the path of a JPEG picture of 12 megapixels with a request's code.
func photograph(t testing.TB, made *app.Outgoing) string {
	t.Helper()
	codes, err := made.Codes(carry.Drawing{})
	if err != nil {
		t.Fatal(err)
	}
	const width, height, pixels = 4000, 3000, 20
	code := codes[0]
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = 0xe0
	}
	left, top := (width-code.Modules*pixels)/2, (height-code.Modules*pixels)/2
	for y := range code.Modules * pixels {
		for x := range code.Modules * pixels {
			if code.Dark(x/pixels, y/pixels) {
				picture.SetGray(left+x, top+y, color.Gray{0x20})
			}
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, nil); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// BenchmarkUIThread reports the longest work on the UI thread, in milliseconds, of each
// long job, and of what is done with 5,000 rows. The limit is 50.
func BenchmarkUIThread(b *testing.B) {
	longest := map[string]float64{}
	for b.Loop() {
		d := sitWithKey(b, acme)
		d.typeID(hardwareID)
		d.typed(licenseKey)
		d.enter()
		d.slow = true
		// Do runs functions in place: only these are timed, not the rest of the job.
		var inside time.Duration
		d.Do = func(f func()) {
			began := time.Now()
			f()
			inside = max(inside, time.Since(began))
		}
		measure := func(what string, do func()) {
			inside = 0
			began := time.Now()
			do()
			handler := time.Since(began)
			d.doWork()
			longest[what] = max(longest[what], float64(max(handler, inside).Microseconds())/1000)
		}
		picture := d.file(photograph(b, d.made()))
		measure("create-ms", func() { d.tap("ui.create") })
		measure("draw-ms", func() { d.carry.codes.load(carry.Drawing{Density: carry.HighDensity}) })
		measure("read-ms", func() { d.Open(picture) })
		measure("submit-ms", func() { d.tap("ui.send") })
	}
	for what, took := range onThread(b) {
		longest["5000-"+strings.ReplaceAll(what, " ", "-")+"-ms"] = float64(took.Microseconds()) / 1000
	}
	for what, milliseconds := range longest {
		b.ReportMetric(milliseconds, what)
	}
}
