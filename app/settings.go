package app

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"handback/app/durable"
	"handback/app/fault"
)

// Settings is what a person has chosen for the window. The zero value follows the system.
type Settings struct {
	Language string `toml:"language,omitempty"`  // BCP 47; empty: the system's
	TextSize int    `toml:"text_size,omitempty"` // in percent, one of TextSizes; 0: 100
	Look     Look   `toml:"look,omitempty"`
	// Profile is the name of the profile that was used last; empty if none was.
	Profile string `toml:"profile,omitempty"`
}

// Look is the window's appearance.
type Look string

// The looks.
const (
	SystemLook   Look = ""
	Light        Look = "light"
	Dark         Look = "dark"
	HighContrast Look = "contrast"
)

// Looks returns all looks.
func Looks() []Look { return []Look{SystemLook, Light, Dark, HighContrast} }

// TextSizes returns the text sizes to choose from, in percent.
func TextSizes() []int { return []int{80, 100, 125, 150, 175, 200} }

const maxSettings = 64 << 10

func settingsPath(home string) string { return filepath.Join(home, "settings.toml") }

// LoadSettings reads the settings in the home folder. If there are none, or the file cannot
// be read, it returns the zero value, in the second case with an error. A text size or look
// that does not exist is left out.
func LoadSettings(home string) (Settings, error) {
	var s Settings
	text, err := durable.Read(settingsPath(home), maxSettings)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = toml.Unmarshal(text, &s)
	}
	if err != nil {
		return Settings{}, fault.New(fault.Input, "app.settings", "path", settingsPath(home)).Because(err)
	}
	if !slices.Contains(TextSizes(), s.TextSize) {
		s.TextSize = 0
	}
	if !slices.Contains(Looks(), s.Look) {
		s.Look = SystemLook
	}
	return s, nil
}

// Save writes the settings to the home folder.
func (s Settings) Save(home string) error {
	text, err := toml.Marshal(s)
	if err != nil {
		return err
	}
	if err := durable.Folder(home); err != nil {
		return err
	}
	return durable.Write(settingsPath(home), text, true)
}
