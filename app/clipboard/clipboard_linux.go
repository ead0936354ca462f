package clipboard

import "os"

// pasters print the clipboard of the display server for which an environment variable is
// set.
var pasters = []struct {
	variable string
	command  []string
}{
	{"WAYLAND_DISPLAY", []string{"wl-paste", "--no-newline", "--type", "image/png"}},
	{"DISPLAY", []string{"xclip", "-selection", "clipboard", "-target", "image/png", "-out"}},
}

func picture() []byte {
	for _, p := range pasters {
		if os.Getenv(p.variable) == "" {
			continue
		}
		if data := output(p.command[0], p.command[1:]...); len(data) > 0 {
			return data
		}
	}
	return nil
}
