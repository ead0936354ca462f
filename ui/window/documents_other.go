//go:build !darwin

package window

// watchDocuments does nothing: files to open are arguments of the program.
func watchDocuments(func(paths []string)) {}
