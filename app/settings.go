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

// Settings are how the window looks, as its person chose. The zero value follows
// the system.
type Settings struct {
	Language string `toml:"language,omitempty"`  // BCP 47; empty: the system's
	TextSize int    `toml:"text_size,omitempty"` // in percent, one of TextSizes; 0: 100
	Look     Look   `toml:"look,omitempty"`
	// Profile is the name of the one that was used last; empty: none was.
	Profile string `toml:"profile,omitempty"`
}

// Look is light, dark or of high contrast; empty follows the system.
type Look string

// The looks.
const (
	SystemLook   Look = ""
	Light        Look = "light"
	Dark         Look = "dark"
	HighContrast Look = "contrast"
)

// Looks are all there are.
func Looks() []Look { return []Look{SystemLook, Light, Dark, HighContrast} }

// TextSizes are those to choose from, in percent.
func TextSizes() []int { return []int{80, 100, 125, 150, 175, 200} }

const maxSettings = 64 << 10

func settingsPath(home string) string { return filepath.Join(home, "settings.toml") }

// LoadSettings reads the settings in the home folder. What cannot be used is left
// out, and the error says so; where there are none, they are the zero value.
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

// Save keeps the settings in the home folder.
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
