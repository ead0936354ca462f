// Command bare is the least window that Fyne can show: the floor that the
// benchmarks measure Handback's window against.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("app.handback.bare")
	w := a.NewWindow("Bare")
	w.Resize(fyne.NewSize(1000, 740)) // as Handback's: a larger window takes more memory
	w.SetMaster()
	w.SetContent(widget.NewLabel("bare"))
	a.Lifecycle().SetOnStarted(w.Show) // as Handback does
	a.Run()
}
