package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/words"
	"handback/ui/kit"
)

// setTheTime must be called before a picture of a window is taken. Fyne's caches take the
// time of the last picture for the current one; if that was over a minute ago, they drop
// what was made since but not drawn.
func setTheTime(t *testing.T) {
	t.Helper()
	test.NewTempWindow(t, widget.NewLabel("")).Canvas().Capture()
}

// The pictures are under testdata. After an intended change, look at those in
// testdata/failed, and copy them over the old ones.
func TestWhatWeDrawOurselvesLooksAsItDid(t *testing.T) {
	for name, settings := range map[string]app.Settings{
		"light": {Look: app.Light}, "dark": {Look: app.Dark}, "large": {Look: app.Light, TextSize: 200},
	} {
		test.NewTempApp(t)
		fyne.CurrentApp().Settings().SetTheme(Theme(settings, "en"))
		setTheTime(t)
		u := &UI{Options: Options{Words: words.English()}}
		rows := container.NewVBox()
		for _, m := range []kit.Mark{kit.PlainMark, kit.WaitMark, kit.FreeMark, kit.ErrorMark, kit.DoubtMark, kit.StillMark} {
			o := kit.NewRow()
			kit.RowOf(o).Set("GPYC-X5J2-L5SK-C3LK", "its state in words", m)
			rows.Add(o)
		}
		code, err := carry.NewCode("handback")
		if err != nil {
			t.Fatal(err)
		}
		view := newCodeView(u, 100)
		view.show(code, "ABCD-EFGH-IJKL")
		for file, o := range map[string]fyne.CanvasObject{
			"steps":  container.NewVBox(newSteps(u, licenseStep), newSteps(u, checkStep), newSteps(u, carryStep)),
			"rows":   rows,
			"banner": kit.NewBanner("The license is not free yet."),
			"code":   view,
			"flow":   kit.NewFlow(widget.NewLabel("one"), widget.NewLabel("two and more"), widget.NewButton("three", nil), widget.NewLabel("four")),
		} {
			w := test.NewTempWindow(t, o)
			w.Resize(fyne.NewSize(320, 120))
			w.Resize(fyne.NewSize(360, 120).Max(o.MinSize()))
			test.AssertRendersToImage(t, name+"/"+file+".png", w.Canvas())
		}
	}
}
