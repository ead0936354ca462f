// Package assets holds what both programs carry inside them: the texts in every
// language, the icon, and the page that a
// request is printed on.
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

// Sheet is the page that a request is printed on, a template of html/template
// that is well-formed XML too.
//
//go:embed sheet.html
var Sheet string
