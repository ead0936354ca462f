package kit

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Reveal scrolls o into view, for people who work with the keyboard.
func Reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	canvas := driver.CanvasForObject(o)
	if canvas == nil {
		return
	}
	top := canvas.Content()
	if dialog := canvas.Overlays().Top(); dialog != nil {
		top = contentOf(dialog)
	}
	scrolls, _ := pathTo(top, o)
	for _, s := range scrolls {
		top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(s).Y
		bottom := top + o.Size().Height + theme.Padding()
		switch {
		case top < 0:
			s.ScrollToOffset(s.Offset.AddXY(0, top-theme.Padding()))
		case bottom > s.Size().Height:
			s.ScrollToOffset(s.Offset.AddXY(0, bottom-s.Size().Height))
		}
	}
}

// contentOf returns the content of an overlay. The type of Fyne's overlays is internal.
func contentOf(overlay fyne.CanvasObject) fyne.CanvasObject {
	if v := reflect.Indirect(reflect.ValueOf(overlay)); v.Kind() == reflect.Struct {
		if f := v.FieldByName("Content"); f.IsValid() && f.CanInterface() {
			if o, ok := f.Interface().(fyne.CanvasObject); ok {
				return o
			}
		}
	}
	return overlay
}

// pathTo returns the scroll containers between from and wanted, the outermost first, and
// whether wanted is in from at all.
func pathTo(from, wanted fyne.CanvasObject) (scrolls []*container.Scroll, found bool) {
	if from == wanted {
		return nil, true
	}
	for _, child := range within(from) {
		inner, found := pathTo(child, wanted)
		if !found {
			continue
		}
		if s, ok := from.(*container.Scroll); ok {
			inner = append([]*container.Scroll{s}, inner...)
		}
		return inner, true
	}
	return nil, false
}

// within returns the visible children of Fyne's containers.
func within(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.Split:
		return []fyne.CanvasObject{o.Leading, o.Trailing}
	case *widget.PopUp:
		return []fyne.CanvasObject{o.Content}
	case *Radio:
		return []fyne.CanvasObject{o.row}
	case *container.AppTabs:
		if tab := o.Selected(); tab != nil {
			return []fyne.CanvasObject{tab.Content}
		}
	}
	return nil
}
