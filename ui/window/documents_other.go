//go:build !darwin

package window

// watchDocuments does nothing where files to be opened are arguments.
func watchDocuments(func(paths []string)) {}
