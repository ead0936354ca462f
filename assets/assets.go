// Package assets holds what both programs carry inside them: the texts in every
// language, the icon, a typeface, and the pages to print.
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

// Brand holds brand/brand.toml, and what a vendor's folder put beside it.
//
//go:embed brand
var Brand embed.FS

// Sheet is the page that a request is printed on, a template of html/template
// that is well-formed XML too.
//
//go:embed sheet.html
var Sheet string

// Card is the page that a computer's hardware ID is printed on, as Sheet is one.
//
//go:embed card.html
var Card string

// Changelog tells what changed in each version, after keepachangelog.com.
//
//go:embed CHANGELOG.md
var Changelog string

// Japanese is a typeface for what Fyne's own has not: kana and the common kanji. It
// is a part of Motoya L Cedar (Apache-2.0), made by font/subset.py.
//
//go:embed font/japanese.ttf
var Japanese []byte
