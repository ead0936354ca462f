// Package clipboard takes a picture out of the system's clipboard, which the
// window's own clipboard, for text alone, does not give.
package clipboard

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"time"
)

const (
	// maxBytes bounds a picture; the reader refuses larger ones.
	maxBytes = 20 << 20
	patience = 3 * time.Second

	signature = "\x89PNG\r\n\x1a\n" // that every PNG file begins with
)

// Picture is the picture in the clipboard, as the content of a PNG file; nil
// where there is none, or the system has nothing that gives it: on Linux that is
// wl-paste or xclip.
func Picture() []byte {
	data := picture()
	if !bytes.HasPrefix(data, []byte(signature)) { // xclip, for one, offers any text as a picture
		return nil
	}
	return data
}

// output is what a program of the system prints, nil where it fails or prints
// more than a picture can have.
func output(name string, arguments ...string) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	program := exec.CommandContext(ctx, name, arguments...)
	program.WaitDelay = patience
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
