package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"handback/app/fault"
	"handback/app/words"
)

// Refuse fills a window with the reason why the program cannot work at all.
func Refuse(window fyne.Window, why error, w *words.Words) {
	window.SetContent(container.NewPadded(newAdvice(fault.Explain(why, w))))
}
