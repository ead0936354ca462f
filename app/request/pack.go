package request

import (
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"handback/app/pattern"
)

// packing writes texts of one usual form as bytes, and back.
type packing struct {
	pack   func(text string) []byte // nil for a text of another form
	unpack func(packed []byte) string
}

// noPacking leaves every text as it is.
var noPacking = packing{
	func(string) []byte { return nil },
	func([]byte) string { return "" },
}

// hexPacking packs hexadecimal digits in lower case.
var hexPacking = packing{
	func(text string) []byte {
		packed, err := hex.DecodeString(text)
		if err != nil {
			return nil
		}
		return packed
	},
	hex.EncodeToString,
}

// uuidPacking packs UUIDs in lower case.
var uuidPacking = packing{
	func(text string) []byte {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil
		}
		return id[:]
	},
	func(packed []byte) string {
		id, err := uuid.FromBytes(packed)
		if err != nil {
			return ""
		}
		return id.String()
	},
}

// packed returns the bytes of a text, or the text if it is not exactly of the form.
func (p packing) packed(text string) any {
	if packed := p.pack(text); packed != nil && p.unpack(packed) == text {
		return packed
	}
	return text
}

// text returns the text of a value that packed returned.
func (p packing) text(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, value != ""
	case []byte:
		text := p.unpack(value)
		return text, text != ""
	}
	return "", false
}

// keyPacking packs license keys of the usual form, groups of four letters or digits, as
// numbers in base 36: most significant byte first, in as few bytes as any key of so many
// groups needs. That is another number of bytes for each number of groups.
var keyPacking = packing{packKey, unpackKey}

const (
	keyGroup  = 4
	maxGroups = 8
)

var usualKey = pattern.Lazy(`^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){0,7}$`)

// keyBytes are the bytes of a packed key, by its number of groups.
var keyBytes = func() (sizes [maxGroups + 1]int) {
	for groups := range sizes {
		most := new(big.Int).Exp(big.NewInt(36), big.NewInt(int64(keyGroup*groups)), nil)
		sizes[groups] = (most.Sub(most, big.NewInt(1)).BitLen() + 7) / 8
	}
	return sizes
}()

func packKey(key string) []byte {
	if !usualKey().MatchString(key) {
		return nil
	}
	groups := strings.Split(key, "-")
	number, _ := new(big.Int).SetString(strings.Join(groups, ""), 36)
	return number.FillBytes(make([]byte, keyBytes[len(groups)]))
}

func unpackKey(packed []byte) string {
	groups := slices.Index(keyBytes[1:], len(packed)) + 1
	digits := strings.ToUpper(new(big.Int).SetBytes(packed).Text(36))
	zeros := groups*keyGroup - len(digits)
	if groups == 0 || zeros < 0 {
		return ""
	}
	digits = strings.Repeat("0", zeros) + digits
	var key []string
	for group := range slices.Chunk([]byte(digits), keyGroup) {
		key = append(key, string(group))
	}
	return strings.Join(key, "-")
}

// packJSON returns the value of an optional member for CBOR: texts, booleans and whole
// numbers as themselves, an object as the list of its names and values, and the rest as
// the bytes of its JSON.
func packJSON(json jsontext.Value) any {
	switch json.Kind() {
	case '"':
		return Member{Value: json}.Text()
	case 't', 'f':
		return json.Kind() == 't'
	case '0':
		if n, err := strconv.ParseInt(string(json), 10, 64); err == nil {
			return n
		}
	case '{':
		members, err := split(json)
		if err != nil {
			break
		}
		list := []any{}
		for _, m := range members {
			list = append(list, m.Name, packScalar(m.Value))
		}
		return list
	}
	return []byte(json)
}

// packScalar is packJSON, for what is inside an object.
func packScalar(json jsontext.Value) any {
	if json.Kind() == '{' {
		return []byte(json)
	}
	return packJSON(json)
}

// unpackJSON returns the JSON of a value that packJSON returned.
func unpackJSON(value any) (jsontext.Value, bool) {
	switch value := value.(type) {
	case string:
		return quote(value), true
	case bool:
		return strconv.AppendBool(nil, value), true
	case int64:
		return strconv.AppendInt(nil, value, 10), true
	case []byte:
		return value, jsontext.Value(value).IsValid()
	case []any:
		var members []Member
		for i := 0; i+1 < len(value); i += 2 {
			name, named := value[i].(string)
			if _, list := value[i+1].([]any); list || !named {
				return nil, false
			}
			json, ok := unpackJSON(value[i+1])
			if !ok {
				return nil, false
			}
			members = append(members, Member{name, json})
		}
		return object(members), len(value)%2 == 0
	}
	return nil, false
}
