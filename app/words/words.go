// Package words is the catalogue of every text people read, for the window and
// the command alike. A text is named by a key with a name space, such as
// "create.done"; its placeholders are Go template fields.
package words

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jeandeaual/go-locale"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"handback/app/brand"
	"handback/assets"
)

// grouped is the least number whose thousands are set apart in a text: before it come
// years, ports and positions.
const grouped = 10000

// maxValue bounds, in characters, what may stand for a placeholder.
const maxValue = 4000

// Words looks texts up in one language. The zero value is not usable; take
// one from In or English. It may be used by several goroutines at once.
type Words struct {
	catalogues []*catalogue // the language, then English for what it lacks
}

// catalogue is one language. Its file is read when it is first needed, and its
// texts are parsed one by one: the command starts for a single line.
type catalogue struct {
	tag       language.Tag
	localizer *i18n.Localizer
	texts     func() map[string]string
}

// English gives the texts in English, the language every text exists in.
func English() *Words { return In() }

// In gives the texts in the first of the wanted languages (BCP 47 tags such
// as "de-AT") that is shipped, and in English where none is.
func In(wanted ...string) *Words {
	all := shipped()
	var tags []language.Tag
	for _, c := range all {
		tags = append(tags, c.tag)
	}
	_, index := language.MatchStrings(language.NewMatcher(tags), wanted...)
	if index == 0 {
		return &Words{all[:1]}
	}
	return &Words{[]*catalogue{all[index], all[0]}}
}

// Language is the BCP 47 tag of the language, such as "en".
func (w *Words) Language() string { return w.catalogues[0].tag.String() }

// Text gives the text of a key. Pairs are placeholder names and their values,
// in turn; a value that is a Phrase, a time.Time (shown in the computer's zone), a Day or a large
// number is put into the same language, and of a string hidden characters are
// escaped: it may come from anywhere. A key that does not exist is given back as it
// is: the tests find it.
func (w *Words) Text(key string, pairs ...any) string {
	for _, c := range w.catalogues {
		if text, ok := c.texts()[key]; ok {
			return c.fill(key, text, w.data(pairs))
		}
	}
	return key
}

// Has tells whether a key exists.
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
			value = v.In(w)
		case string:
			value = Visible(v, maxValue)
		case time.Time:
			value = w.Stamp(v.Local())
		case Day:
			value = w.Date(time.Time(v))
		case int:
			if v >= grouped {
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
	message := &i18n.Message{ID: key, Other: text}
	filled, err := c.localizer.Localize(&i18n.LocalizeConfig{DefaultMessage: message, TemplateData: data})
	if err != nil {
		return text
	}
	return filled
}

// shipped are the languages, English first. What is embedded has been tested,
// so a file that does not parse is a broken build.
var shipped = sync.OnceValue(func() []*catalogue {
	all := []*catalogue{open(language.English)}
	files, err := assets.Translation.ReadDir("translation")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		only := brand.Here().Languages
		if tag := language.MustParse(strings.TrimSuffix(file.Name(), ".json")); tag != language.English && (len(only) == 0 || slices.Contains(only, tag.String())) {
			all = append(all, open(tag))
		}
	}
	return all
})

func open(tag language.Tag) *catalogue {
	return &catalogue{tag, i18n.NewLocalizer(i18n.NewBundle(tag)), sync.OnceValue(func() (texts map[string]string) {
		file, err := assets.Translation.ReadFile("translation/" + tag.String() + ".json")
		if err == nil {
			err = json.Unmarshal([]byte(brand.Here().Say(string(file))), &texts)
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

// Day is a time of which a text shows the day alone.
type Day time.Time

// Date is a day as the language writes it.
func (w *Words) Date(t time.Time) string { return t.Format(w.Text("format.date")) }

// Moment is a day and a time of day, of the time's own zone, as the language writes it.
func (w *Words) Moment(t time.Time) string { return t.Format(w.Text("format.date_time")) }

// Stamp is a moment with its zone, as the time's distance from UTC.
func (w *Words) Stamp(t time.Time) string {
	zone := " UTC"
	if _, offset := t.Zone(); offset != 0 {
		zone += t.Format("-07:00")
	}
	return w.Moment(t) + zone
}

// Number is a whole number with its thousands set apart as the language does.
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

// System are the languages of the system's settings, the wanted first (BCP 47 tags);
// none where it says none.
func System() []string {
	locales, err := locale.GetLocales()
	if err != nil {
		return nil // as on a system that says none
	}
	return locales
}

// Languages are those that are shipped, English first.
func Languages() (tags []string) {
	for _, c := range shipped() {
		tags = append(tags, c.tag.String())
	}
	return tags
}
