package window

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"

	"handback/app/words"
)

// arguments are the parsed command line.
type arguments struct {
	profile string
	version bool
	help    bool
	files   []string
}

// parse parses the command line. Flags may come before, between and after the files;
// everything after "--" is a file. The error for an unknown flag is a text for people.
func parse(line []string, w *words.Words) (a arguments, err error) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&a.profile, "profile", "", "")
	flags.BoolVar(&a.version, "version", false, "")
	for len(line) > 0 {
		err := flags.Parse(line)
		rest := flags.Args()
		before := line[:len(line)-len(rest)]
		if errors.Is(err, flag.ErrHelp) {
			a.help = true
			return a, nil
		}
		if err != nil {
			name, _, _ := strings.Cut(before[len(before)-1], "=")
			key := "window.flag.unknown"
			if flags.Lookup(strings.TrimLeft(name, "-")) != nil {
				key = "window.flag.value"
			}
			return a, errors.New(w.Text(key, "flag", words.Visible(name, 60)) + "\n" + w.Text("window.flags"))
		}
		if slices.Contains(before, "--") {
			a.files, rest = append(a.files, rest...), nil
		}
		if line = nil; len(rest) > 0 {
			a.files, line = append(a.files, rest[0]), rest[1:]
		}
	}
	return a, nil
}
