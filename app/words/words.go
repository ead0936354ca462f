// Package words is the catalogue of every text people read, for the window and
// the command alike. A text is named by a key with a name space, such as
// "create.done"; its placeholders are Go template fields.
package words

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"handback/assets"
)

// Words looks texts up in one language. The zero value is not usable; take
// one from In or English. It may be used by several goroutines at once.
type Words struct {
	localizer *i18n.Localizer
}

// English gives the texts in English, the language every text exists in.
func English() *Words { return In("en") }

// In gives the texts in the first of the wanted languages (BCP 47 tags such
// as "de-AT") that is shipped, and in English where none is.
func In(wanted ...string) *Words {
	return &Words{localizer: i18n.NewLocalizer(bundle(), append(wanted, "en")...)}
}

// Text gives the text of a key. Pairs are placeholder names and their values,
// in turn; a value that is a Phrase is put into the same language. A key that does not exist is given back as it is: the tests find it.
func (w *Words) Text(key string, pairs ...any) string {
	text, ok := w.find(key, pairs)
	if !ok {
		return key
	}
	return text
}

// Has tells whether a key exists.
func (w *Words) Has(key string) bool {
	_, ok := w.find(key, nil)
	return ok
}

func (w *Words) find(key string, pairs []any) (string, bool) {
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		value := pairs[i+1]
		if phrase, ok := value.(Phrase); ok {
			value = phrase.In(w)
		}
		data[fmt.Sprint(pairs[i])] = value
	}
	text, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
	return text, err == nil
}

// bundle reads the shipped languages once. What is embedded has been tested,
// so a file that does not parse is a broken build.
var bundle = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := assets.Translation.ReadDir("translation")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		if _, err := b.LoadMessageFileFS(assets.Translation, "translation/"+file.Name()); err != nil {
			panic(err)
		}
	}
	return b
})
