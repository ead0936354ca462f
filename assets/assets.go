// Package assets holds what both programs carry inside them: the texts in every
// language and the icon.
package assets

import "embed"

// Translation holds translation/LANG.json, one file a language, each an object
// of key to text in go-i18n's form.
//
//go:embed translation/*.json
var Translation embed.FS

// Icon is the program's icon, an SVG.
//
//go:embed icon.svg
var Icon []byte
