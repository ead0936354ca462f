//go:build !windows

package clipboard

import (
	"context"
	"io"
	"os/exec"
	"time"
)

// timeout limits a program that prints the clipboard.
const timeout = 3 * time.Second

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
