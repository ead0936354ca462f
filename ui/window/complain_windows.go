package window

import (
	"golang.org/x/sys/windows"

	"handback/app/brand"
)

// complain shows a message box that says why there is no window: a Windows program with a
// window has no terminal.
func complain(text string) {
	message, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	caption, _ := windows.UTF16PtrFromString(brand.Current().Name)
	_, _ = windows.MessageBox(0, message, caption, windows.MB_ICONERROR)
}
