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

// shown makes text from outside safe to show. A reply can repeat what was sent
// to it, so what must not be shown is taken out first.
func shown(text string, limit int, hidden []string) string {
	for _, h := range hidden {
		text = redact(text, h)
	}
	return words.Visible(text, limit)
}

// redact takes a text out of another, however a server may repeat it: as it is,
// or with any of its characters escaped for an address, a form, JSON or a page.
func redact(text, hidden string) string {
	var forms [][]string
	for _, r := range hidden {
		forms = append(forms, disguises(r))
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

// matched returns how many bytes the forms take at the beginning of a text, one of
// each after the other; 0 where they do not stand there.
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

// disguises returns the forms of a character, the longest first: one may begin
// another.
func disguises(r rune) []string {
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
