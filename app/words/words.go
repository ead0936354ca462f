// Package words is the catalogue of all texts that people read, in the window and on the
// command line.
//
//	w := words.For(words.System()...)
//	fmt.Println(w.Text("create.done", "path", path))
//
// [For] returns the [Words] of a language, and [Words.Text] the text for a key with its
// placeholders filled in. Keys have a name space, such as "create.done"; placeholders are
// fields of Go templates. Packages that do not know the language return a [Phrase]
// instead, which the window or the command localizes.
//
// Texts may contain anything that came from outside, so placeholders are made safe to
// show, see [Visible]. What people compare is shown by [Exact]. [Alike], [Mixed] and
// [Latin] detect names that look the same and are not.
package words

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"

	"handback/app/brand"
	"handback/assets"
)

// groupedFrom is the smallest number whose thousands are grouped in a text. Smaller ones
// may be years, ports or positions.
const groupedFrom = 10000

// maxValue limits the value of a placeholder, in characters.
const maxValue = 4000

// Words looks up texts in one language. Get one from [For] or [English]; the zero value
// is not usable. It is safe for use by several goroutines.
type Words struct {
	catalogues []*catalogue // the language, then English for missing texts
	place      string       // see In; with its period
}

// catalogue is one language. Its file is read when it is first needed, and each text is
// parsed when it is needed, once: the command starts for a single line, or lists thousands
// of requests with the same few texts.
type catalogue struct {
	tag    language.Tag
	texts  func() map[string]string
	parsed sync.Map // texts with placeholders, as *template.Template
}

// English returns the texts in English, the language that has all texts.
func English() *Words { return For() }

// For returns the texts in the first of the wanted languages (BCP 47 tags such as
// "de-AT") that is available, or in English if none is.
func For(wanted ...string) *Words {
	all := shipped()
	var tags []language.Tag
	for _, c := range all {
		tags = append(tags, c.tag)
	}
	_, index := language.MatchStrings(language.NewMatcher(tags), wanted...)
	if index == 0 {
		return &Words{catalogues: all[:1]}
	}
	return &Words{catalogues: []*catalogue{all[index], all[0]}}
}

// Language returns the BCP 47 tag of the language, such as "en".
func (w *Words) Language() string { return w.catalogues[0].tag.String() }

// In returns the texts as they are read in a place such as "browser": where there is a text
// for the key "browser.KEY", it stands for that of KEY.
func (w *Words) In(place string) *Words {
	return &Words{catalogues: w.catalogues, place: place + "."}
}

// Text returns the text for a key. Pairs are names and values of placeholders,
// alternately. Values of type [Phrase], time.Time (in the local time zone), [Day], and
// large numbers are localized; hidden characters in strings are escaped, because strings
// may come from anywhere. Text returns the key itself if there is no text for it, which
// the tests detect.
func (w *Words) Text(key string, pairs ...any) string {
	for _, c := range w.catalogues {
		text, ok := "", false
		if w.place != "" {
			text, ok = c.texts()[w.place+key]
		}
		if !ok {
			text, ok = c.texts()[key]
		}
		if ok {
			return c.fill(key, text, w.data(pairs))
		}
	}
	return key
}

// Has reports whether there is a text for a key.
func (w *Words) Has(key string) bool {
	for _, c := range w.catalogues {
		if _, ok := c.texts()[key]; ok {
			return true
		}
	}
	return false
}

// Translated reports whether the language itself has a key; else its text is English.
func (w *Words) Translated(key string) bool {
	_, ok := w.catalogues[0].texts()[key]
	return ok
}

func (w *Words) data(pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		value := pairs[i+1]
		switch v := value.(type) {
		case Phrase:
			value = v.Localize(w)
		case string:
			value = Visible(v, maxValue)
		case time.Time:
			value = w.Stamp(v.Local())
		case Day:
			value = w.Date(time.Time(v))
		case int:
			if v >= groupedFrom {
				value = w.Number(int64(v))
			}
		}
		data[fmt.Sprint(pairs[i])] = value
	}
	return data
}

func (c *catalogue) fill(key, text string, data map[string]any) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	parsed, ok := c.parsed.Load(text)
	if !ok {
		fresh, err := template.New(key).Parse(text)
		if err != nil {
			return text
		}
		parsed, _ = c.parsed.LoadOrStore(text, fresh)
	}
	var filled strings.Builder
	if err := parsed.(*template.Template).Execute(&filled, data); err != nil {
		return text
	}
	return filled.String()
}

// shipped returns the available languages, English first. It panics if an embedded file
// is invalid: tests have read them all.
var shipped = sync.OnceValue(func() []*catalogue {
	all := []*catalogue{open(language.English)}
	files, err := assets.Translation.ReadDir("translation")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		only := brand.Current().Languages
		if tag := language.MustParse(strings.TrimSuffix(file.Name(), ".json")); tag != language.English && (len(only) == 0 || slices.Contains(only, tag.String())) {
			all = append(all, open(tag))
		}
	}
	return all
})

func open(tag language.Tag) *catalogue {
	return &catalogue{tag: tag, texts: sync.OnceValue(func() (texts map[string]string) {
		file, err := assets.Translation.ReadFile("translation/" + tag.String() + ".json")
		if err == nil {
			err = json.Unmarshal([]byte(brand.Current().Say(string(file))), &texts)
		}
		if own := brand.Texts(tag.String()); err == nil && own != nil {
			err = json.Unmarshal(own, &texts)
		}
		if err != nil {
			panic(err)
		}
		return texts
	})}
}

// Day is a time of which texts show only the date.
type Day time.Time

// Date returns a date as the language writes it.
func (w *Words) Date(t time.Time) string { return t.Format(w.Text("format.date")) }

// Stamp returns a date and time, in the time's own zone, as the language writes it,
// followed by the offset from UTC.
func (w *Words) Stamp(t time.Time) string {
	zone := " UTC"
	if _, offset := t.Zone(); offset != 0 {
		zone += t.Format("-07:00")
	}
	return t.Format(w.Text("format.date_time")) + zone
}

// Number returns a whole number with its thousands grouped as the language does.
func (w *Words) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + w.Text("format.thousands") + digits[i:]
	}
	return sign + digits
}

// System returns the languages of the system's settings (BCP 47 tags), the preferred one
// first, or none if the system does not say.
func System() []string {
	locales, err := locale.GetLocales()
	if err != nil {
		return nil
	}
	return locales
}

// Languages returns the tags of the available languages, English first.
func Languages() (tags []string) {
	for _, c := range shipped() {
		tags = append(tags, c.tag.String())
	}
	return tags
}
