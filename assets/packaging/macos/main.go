// Command macos prints the parts of an app for macOS, under the brand that is built in
// (go run -overlay). It runs on any system.
//
//	macos facts PROGRAM...       architecture and oldest macOS of each program, if macOS starts it
//	macos plist WINDOW COMMAND   Info.plist
//	macos strings LANGUAGE       InfoPlist.strings
//	macos languages              the languages, one per line
//	macos icon ICON.png          an .icns file
//	macos released               the day of the release, for touch -t
package main

import (
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"

	"github.com/jackmordaunt/icns/v3"

	"handback/app"
	"handback/app/brand"
	"handback/app/words"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "macos:", err)
		os.Exit(1)
	}
}

func run(arguments []string, out io.Writer) error {
	what, rest := "", []string(nil)
	if len(arguments) > 0 {
		what, rest = arguments[0], arguments[1:]
	}
	switch {
	case what == "facts" && len(rest) > 0:
		for _, file := range rest {
			p, err := read(file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if _, err := fmt.Fprintln(out, p.architecture, p.least); err != nil {
				return err
			}
		}
		return nil
	case what == "plist" && len(rest) == 2:
		var least version
		for _, file := range rest {
			p, err := read(file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			least = max(least, p.least)
		}
		return writePlist(out, brand.Current(), least)
	case what == "strings" && len(rest) == 1:
		return writeStrings(out, rest[0], kindsFile)
	case what == "languages" && len(rest) == 0:
		for _, language := range words.Languages() {
			if _, err := fmt.Fprintln(out, language); err != nil {
				return err
			}
		}
		return nil
	case what == "icon" && len(rest) == 1:
		file, err := os.Open(rest[0])
		if err != nil {
			return err
		}
		defer file.Close()
		picture, err := png.Decode(file)
		if err != nil {
			return fmt.Errorf("%s: %w", rest[0], err)
		}
		return icns.NewEncoder(out).WithAlgorithm(icns.Lanczos3).Encode(picture)
	case what == "released" && len(rest) == 0:
		_, err := fmt.Fprintln(out, app.Released.Format("200601021504.05"))
		return err
	}
	return errors.New("usage: macos facts PROGRAM... | plist WINDOW COMMAND | strings LANGUAGE | languages | icon ICON.png | released")
}
