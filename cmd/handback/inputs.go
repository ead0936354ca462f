package main

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/durable"
	"handback/app/fault"
	"handback/cmd/terminal"
)

// maxName is the maximum length of a name in a list, in bytes.
const maxName = 1 << 16

// inputFlags name what is read in addition to a command's arguments.
type inputFlags struct {
	list string // the file with the names of inputs; "-" is standard input
	null bool   // its names end in NUL
}

func (c *command) addInputFlags(cmd *cobra.Command, f *inputFlags) {
	c.text(cmd, &f.list, "files-from", "FILE")
	cmd.Flags().BoolVarP(&f.null, "null", "0", false, c.words.Text("flag.null"))
}

// arguments accepts any number of arguments, but none only if there is a list.
func (f *inputFlags) arguments(cmd *cobra.Command, args []string) error {
	least := 1
	if f.list != "" {
		least = 0
	}
	return terminal.ArgumentCount(least, 0)(cmd, args)
}

// inputs returns the inputs that arguments and a list name; "-" is standard input, of which
// at most [app.MaxInput] bytes and one more are read. The list is read while the inputs are
// taken, so that it may be of any length; if that fails, listErr is set.
func (c *command) inputs(args []string, f inputFlags) (iter.Seq[app.Input], error) {
	if f.null && f.list == "" {
		return nil, fault.New(fault.Usage, "cmd.null_alone")
	}
	named, err := c.named(args)
	if err != nil || f.list == "" {
		return named, err
	}
	list, err := c.openList(f.list)
	if err != nil {
		return nil, err
	}
	return func(yield func(app.Input) bool) {
		defer list.Close()
		for input := range named {
			if !yield(input) {
				return
			}
		}
		names := bufio.NewScanner(list)
		names.Buffer(nil, maxName)
		if f.null {
			names.Split(untilNull)
		}
		for names.Scan() {
			if name := names.Text(); name != "" && !yield(app.Input{Name: name}) {
				return
			}
		}
		if err := names.Err(); err != nil {
			c.listErr = fault.New(fault.Input, "cmd.list", "path", f.list).Because(err)
		}
	}, nil
}

// named returns the inputs that arguments name.
func (c *command) named(args []string) (iter.Seq[app.Input], error) {
	var all []app.Input
	for _, arg := range args {
		if arg != "-" {
			all = append(all, app.Input{Name: arg})
			continue
		}
		if err := c.takeInput("-"); err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(c.in, app.MaxInput+1)) // one more, so that the reader reports it as too large
		if err != nil {
			return nil, fault.New(fault.Input, "cmd.stdin").Because(err)
		}
		all = append(all, app.Input{Name: "-", Data: append([]byte{}, data...)})
	}
	return func(yield func(app.Input) bool) {
		for _, input := range all {
			if !yield(input) {
				return
			}
		}
	}, nil
}

// takeInput reserves standard input for inputs.
func (c *command) takeInput(who string) error {
	if err := c.takeStdin(who); err != nil {
		return err
	}
	if c.secretFile == "-" {
		return fault.New(fault.Usage, "cmd.two_inputs", "first", who, "second", "--secret-file")
	}
	return nil
}

func (c *command) openList(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(c.in), c.takeInput("--files-from")
	}
	if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeNamedPipe != 0 { // of a shell: --files-from <(find …)
		return os.Open(path)
	}
	file, _, err := durable.Open(path)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// untilNull is a bufio.SplitFunc for names that end in NUL.
func untilNull(data []byte, atEnd bool) (advance int, name []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEnd && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
