// Package assets embeds the files that are part of both programs: the texts in every
// language, the icon, a typeface, and the pages to print.
package assets

import "embed"

// Translation has one file per language, translation/LANG.json, each an object
// of key to text in go-i18n's form.
//
//go:embed translation/*.json
var Translation embed.FS

// Icon is the program's icon, an SVG.
//
//go:embed icon.svg
var Icon []byte

// Brand has brand/brand.toml, and the other files of a vendor's folder if there are any.
//
//go:embed brand
var Brand embed.FS

// Sheet is the page on which a request is printed, a template of html/template
// that is also well-formed XML.
//
//go:embed sheet.html
var Sheet string

// Card is the page on which a computer's hardware ID is printed, in the form of Sheet.
//
//go:embed card.html
var Card string

// Report is the page that says what became of many requests, in the form of Sheet: the
// templates begin, row and end.
//
//go:embed report.html
var Report string

// Changelog lists the changes in each version, in the form of keepachangelog.com.
//
//go:embed CHANGELOG.md
var Changelog string

// Japanese is a typeface with what Fyne's own lacks: kana and common kanji. It
// is a subset of Motoya L Cedar (Apache-2.0), made by font/subset.py.
//
//go:embed font/japanese.ttf
var Japanese []byte
