package carry

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A hand scanner types as a keyboard of the United States would. Where the
// computer's keyboard is another one, or Caps Lock is on, other characters arrive.

// keyboard undoes what the settings of one keyboard made of a scanner's text: each
// character of typed stands for the one of meant in its place.
type keyboard struct {
	caps         bool // Caps Lock, of letters alone
	typed, meant string
}

// The usual keyboards, each with and without Caps Lock, which on Windows is a lock of
// the shift key where the keyboard is German or French.
var keyboards = func() (all []keyboard) {
	for _, k := range []keyboard{
		{},
		{typed: "yzYZß?´^`-", meant: "zyZY-_==+/"},                            // German, Swiss
		{typed: "qawzQAWZ,?&é\"'(-è_çà)°!", meant: "aqzwAQZWmM1234567890-_/"}, // French
		{typed: "?¡¿'-", meant: "_=+-/"},                                      // Spanish
		{typed: "?¿¡'-", meant: "_=+-/"},                                      // of Latin America
		{typed: "?ì^'-", meant: "_=+-/"},                                      // Italian
		{typed: "?´`-", meant: "_=+/"},                                        // of northern Europe
		{typed: "^~", meant: "=+"},                                            // Japanese
	} {
		all = append(all, k, keyboard{true, k.typed, k.meant})
	}
	return append(all,
		keyboard{true, "yzYZ!\"§$%&/()=_`´", "zyZY1234567890/=+"},
		keyboard{true, "qawzQAWZ?,§+=°)", "aqzwAQZWmM/=+-_"})
}()

// deadKeys are the letters that a dead key for the grave accent makes with the next
// key.
var deadKeys = strings.NewReplacer("à", "`a", "è", "`e", "ì", "`i", "ò", "`o", "ù", "`u", "ǹ", "`n", "ẁ", "`w", "ỳ", "`y",
	"À", "`A", "È", "`E", "Ì", "`I", "Ò", "`O", "Ù", "`U", "Ǹ", "`N", "Ẁ", "`W", "Ỳ", "`Y")

// undo gives the text that was meant.
func (k keyboard) undo(text string) string {
	if strings.Contains(k.typed, "`") {
		text = deadKeys.Replace(text)
	}
	typed, meant := []rune(k.typed), []rune(k.meant)
	return strings.Map(func(r rune) rune {
		if k.caps {
			r = otherCase(r)
		}
		if at := slices.Index(typed, r); at >= 0 {
			return meant[at]
		}
		return r
	}, text)
}

func otherCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

// maxTyped bounds what a scanner types, in bytes: a sheet of codes and more.
const maxTyped = 64 << 10

// scanned is the text of a code, of which the beginning alone is looked at.
var scanned = regexp.MustCompile(`^(?:eyJ|eyA|ewo|ew0|ewk|HBK[0-9]{7})[A-Za-z0-9+/=_-]{20}`)

const digits = "0123456789"

// retyped finds the requests in what a scanner typed through another keyboard. Their
// pieces have to be proved; see Piece.Typed. It fails where the readings differ, or
// where the text begins as only a scanner's could.
func retyped(text string) ([]Piece, error) {
	if len(text) > maxTyped {
		return nil, nil
	}
	var right []Piece
	named, differ := false, false
	for _, k := range keyboards {
		meant := k.undo(text)
		if meant == text {
			continue
		}
		named = named || scanned.MatchString(meant) && (!scanned.MatchString(text) || !strings.ContainsAny(text, digits))
		found, err := newSearch().direct(meant)
		if err != nil || len(found) == 0 {
			continue
		}
		if joined(found) {
			return found, nil
		}
		for i := range found {
			found[i].Typed = text
		}
		differ = differ || right != nil && !slices.EqualFunc(right, found, samePiece)
		right = found
	}
	if differ || right == nil && named {
		return nil, ErrRetyped
	}
	return right, nil
}

// joined tells whether pieces are the parts of one request, whole: the sum proves them.
func joined(pieces []Piece) bool {
	var parts []Part
	for _, p := range pieces {
		if p.Part == nil || p.Part.Set != pieces[0].Part.Set {
			return false
		}
		parts = append(parts, *p.Part)
	}
	_, err := Join(parts)
	return err == nil
}

// lettersMeant are all that letters of armor, which the sum proves, may have been
// before they went through a keyboard.
func lettersMeant(letters string) []string {
	all := []string{letters}
	for _, k := range keyboards {
		if meant := k.undo(letters); !slices.Contains(all, meant) && strings.Trim(meant, lettersOnly) == "" {
			all = append(all, meant)
		}
	}
	return all
}
