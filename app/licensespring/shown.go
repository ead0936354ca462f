package licensespring

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"handback/app/secret"
	"handback/app/words"
)

// shown returns text from outside that is safe to show, of at most limit characters. A
// reply can repeat what was sent, so the hidden texts are redacted first.
func shown(text string, limit int, hidden []string) string {
	for _, h := range hidden {
		text = redact(text, h)
	}
	return words.Visible(text, limit)
}

// redact replaces a hidden text, in whatever form a server may repeat it: as it is, or
// with any of its characters escaped for an address, a form, JSON or a page.
func redact(text, hidden string) string {
	var forms [][]string
	for _, r := range hidden {
		forms = append(forms, escapedForms(r))
	}
	var b strings.Builder
	for text != "" {
		if n := matched(text, forms); n > 0 {
			b.WriteString(secret.Redacted)
			text = text[n:]
			continue
		}
		_, size := utf8.DecodeRuneInString(text)
		b.WriteString(text[:size])
		text = text[size:]
	}
	return b.String()
}

// matched returns how many bytes of text match at its beginning: one form of each
// character, in their order. It is 0 if they do not match.
func matched(text string, forms [][]string) (n int) {
	for _, same := range forms {
		i := slices.IndexFunc(same, func(form string) bool {
			return len(text)-n >= len(form) && strings.EqualFold(text[n:n+len(form)], form)
		})
		if i < 0 {
			return 0
		}
		n += len(same[i])
	}
	return n
}

// escapedForms returns the forms in which a character may appear, the longest first: one
// may be the beginning of another.
func escapedForms(r rune) []string {
	plain := string(r)
	percent := ""
	for _, b := range []byte(plain) {
		percent += fmt.Sprintf("%%%02x", b)
	}
	forms := []string{plain, percent, strings.ReplaceAll(percent, "%", "%25"), fmt.Sprintf(`\u%04x`, r), fmt.Sprintf(`\\u%04x`, r),
		html.EscapeString(plain), fmt.Sprintf("&#%d;", r), fmt.Sprintf("&#x%x;", r)}
	switch r {
	case ' ':
		forms = append(forms, "+", "%2b")
	case '/', '"', '\\':
		forms = append(forms, `\`+plain)
	}
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	return forms
}
