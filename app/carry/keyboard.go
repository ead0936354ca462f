package carry

import (
	"slices"
	"strings"
	"unicode"

	"handback/app/pattern"
)

// A hand scanner types as if on a US keyboard. If the computer's keyboard layout is
// another one, or Caps Lock is on, other characters arrive.

// keyboard is a keyboard layout, and a state of Caps Lock. A scanner's character at an
// index of meant arrives as the one at that index of typed.
type keyboard struct {
	caps         bool // Caps Lock, for letters only
	typed, meant string
}

// keyboards are the usual ones, each with and without Caps Lock. On Windows, Caps Lock
// locks the shift key of German and French keyboards.
var keyboards = func() (all []keyboard) {
	for _, k := range []keyboard{
		{},
		{typed: "yzYZß?´^`-", meant: "zyZY-_==+/"},                            // German, Swiss
		{typed: "qawzQAWZ,?&é\"'(-è_çà)°!", meant: "aqzwAQZWmM1234567890-_/"}, // French
		{typed: "?¡¿'-", meant: "_=+-/"},                                      // Spanish
		{typed: "?¿¡'-", meant: "_=+-/"},                                      // Latin American
		{typed: "?ì^'-", meant: "_=+-/"},                                      // Italian
		{typed: "?´`-", meant: "_=+/"},                                        // Nordic
		{typed: "^~", meant: "=+"},                                            // Japanese
	} {
		all = append(all, k, keyboard{true, k.typed, k.meant})
	}
	return append(all,
		keyboard{true, "yzYZ!\"§$%&/()=_`´", "zyZY1234567890/=+"},
		keyboard{true, "qawzQAWZ?,§+=°)", "aqzwAQZWmM/=+-_"})
}()

// deadKeys undoes the letters that a dead key for the grave accent makes with the next
// key.
var deadKeys = strings.NewReplacer("à", "`a", "è", "`e", "ì", "`i", "ò", "`o", "ù", "`u", "ǹ", "`n", "ẁ", "`w", "ỳ", "`y",
	"À", "`A", "È", "`E", "Ì", "`I", "Ò", "`O", "Ù", "`U", "Ǹ", "`N", "Ẁ", "`W", "Ỳ", "`Y")

// undo returns the text that the scanner meant.
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

// maxTyped limits what a scanner types, in bytes: more than a sheet of codes.
const maxTyped = 64 << 10

// scanned matches the start of a code's text.
var scanned = pattern.Lazy(`^(?:eyJ|eyA|ewo|ew0|ewk|HBK[0-9]{7})[A-Za-z0-9+/=_-]{20}`)

const digits = "0123456789"

// fromKeyboard finds requests in a text that a scanner typed through another keyboard
// layout. Its pieces still have to be verified, see [Piece.Typed]. It fails if readings
// differ, or if the start of the text is surely a scanner's.
func fromKeyboard(text string) ([]Piece, error) {
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
		named = named || scanned().MatchString(meant) && (!scanned().MatchString(text) || !strings.ContainsAny(text, digits))
		found, err := new(search).findPlain(meant)
		if err != nil || len(found) == 0 {
			continue
		}
		if proved(found) {
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

// proved reports whether the pieces are all parts of one request: their checksum proves
// it.
func proved(pieces []Piece) bool {
	var parts []Part
	for _, p := range pieces {
		if p.Part == nil || p.Part.Set != pieces[0].Part.Set {
			return false
		}
		parts = append(parts, *p.Part)
	}
	_, err := joined(parts)
	return err == nil
}

// possibleLetters returns all that letters of armor may have been before they went
// through a keyboard. The checksum tells which is right.
func possibleLetters(letters string) []string {
	all := []string{letters}
	for _, k := range keyboards {
		if meant := k.undo(letters); !slices.Contains(all, meant) && strings.Trim(meant, lettersOnly) == "" {
			all = append(all, meant)
		}
	}
	return all
}
