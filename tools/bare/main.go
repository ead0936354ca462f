// Command bare opens the smallest window that Fyne can show. The benchmarks compare
// Handback's window with it: what it takes in time and memory is Fyne's share.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("app.handback.bare")
	w := a.NewWindow("Bare")
	w.Resize(fyne.NewSize(1000, 740)) // the size of Handback's: a larger window takes more memory
	w.SetMaster()
	w.SetContent(widget.NewLabel("bare"))
	a.Lifecycle().SetOnStarted(w.Show) // like Handback
	a.Run()
}
