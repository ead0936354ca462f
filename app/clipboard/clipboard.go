// Package clipboard reads a picture from the system's clipboard: [Picture] returns it as a
// PNG file. The window's own clipboard has only text.
package clipboard

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"time"
)

const (
	// maxBytes limits a picture, in bytes, as package carry does.
	maxBytes = 20 << 20
	timeout  = 3 * time.Second // for a program that prints the clipboard

	signature = "\x89PNG\r\n\x1a\n" // of PNG files
)

// Picture returns the picture in the clipboard as a PNG file. It returns nil if there is
// none, or no way to read it: on Linux it needs wl-paste or xclip.
func Picture() []byte {
	data := picture()
	if !bytes.HasPrefix(data, []byte(signature)) { // xclip returns any text as a picture
		return nil
	}
	return data
}

// output returns what a program prints, or nil if it fails or prints more than a picture
// may have.
func output(name string, arguments ...string) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	program := exec.CommandContext(ctx, name, arguments...)
	program.WaitDelay = timeout
	pipe, err := program.StdoutPipe()
	if err != nil || program.Start() != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(pipe, maxBytes+1))
	if err != nil || len(data) > maxBytes {
		cancel()
	}
	if program.Wait() != nil {
		return nil
	}
	return data
}
