package window

import (
	"golang.org/x/sys/windows"

	"handback/app/brand"
)

// complain says why there is no window, in a message box: a program for
// windows has no terminal.
func complain(text string) {
	message, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	caption, _ := windows.UTF16PtrFromString(brand.Current().Name)
	_, _ = windows.MessageBox(0, message, caption, windows.MB_ICONERROR)
}
