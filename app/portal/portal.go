// Package portal shows the file dialog of the Linux desktop, through its portal
// (org.freedesktop.portal.FileChooser): the dialog that people know, with their own places
// and drives. [Choose] asks for files or a folder, and fails with [ErrNone] where there is
// no such dialog.
//
// It speaks D-Bus itself. The package github.com/rymdport/portal returns "a b" for a file
// named "a+b", takes any other signal for the answer, and cannot be stopped.
package portal

import "handback/app/fault"

// ErrNone means that the system has no dialog to show.
var ErrNone = fault.New(fault.Unexpected, "portal.none")

// Question is what to choose. All texts are in the person's language.
type Question struct {
	Parent   string   // the window it belongs to, such as x11:1a00003; may be empty
	Title    string   // of the dialog
	Accept   string   // on the button that chooses
	Folder   string   // the one to begin in; may be empty
	Many     bool     // several files, not one
	Folders  bool     // a folder, not files
	Patterns []string // of names of files, such as *.toml; empty: all
	// Whole is the label of a check box with which the folder of the chosen file is chosen
	// instead; empty: none.
	Whole string
}
