package qr

import (
	"fmt"
	"strings"
)

// stream reads bits. It is broken if there are too few, or if they are invalid.
type stream struct {
	data   []byte
	next   int
	broken bool
}

func (s *stream) left() int { return 8*len(s.data) - s.next }

func (s *stream) take(bits int) int {
	if s.broken = s.broken || bits > s.left(); s.broken {
		return 0
	}
	value := 0
	for range bits {
		value = value<<1 | int(s.data[s.next/8]>>(7-s.next%8)&1)
		s.next++
	}
	return value
}

// The modes of segments (table 2).
const (
	end          = 0
	numeric      = 1
	alphanumeric = 2
	part         = 3 // of a text in several codes
	plain        = 4
	trade        = 5 // GS1, with separators in alphanumeric segments
	charset      = 7
)

// lengths are the bits of a segment's length, for versions below 10, below 27, and the
// others (table 3).
var lengths = map[int][3]int{numeric: {10, 12, 14}, alphanumeric: {9, 11, 13}, plain: {8, 16, 16}}

func textOf(data []byte, version int) (text string, ok bool) {
	s := stream{data: data}
	decode, separated := utf8, false
	size := 0
	for _, from := range []int{10, 27} {
		if version >= from {
			size++
		}
	}
	var all []byte
	for s.left() >= 4 && !s.broken {
		mode := s.take(4)
		length := s.take(lengths[mode][size])
		switch mode {
		case end:
			return string(all), true
		case numeric:
			all = append(all, s.digits(length)...)
		case alphanumeric:
			all = append(all, s.characters(length, separated)...)
		case part:
			s.take(16) // the part's number, the count and a checksum
		case plain:
			all = append(all, decode(s.bytes(length))...)
		case trade:
			separated = true
		case charset:
			if decode, ok = charsets[s.assignment()]; !ok {
				return "", false
			}
		default:
			return "", false
		}
	}
	return string(all), !s.broken
}

// digits reads three digits from 10 bits, two from 7, one from 4.
func (s *stream) digits(count int) (all []byte) {
	sizes, limits := [4]int{0, 4, 7, 10}, [4]int{0, 10, 100, 1000}
	for ; count > 0 && !s.broken; count -= 3 {
		n := min(count, 3)
		value := s.take(sizes[n])
		s.broken = s.broken || value >= limits[n]
		all = fmt.Appendf(all, "%0*d", n, value)
	}
	return all
}

// alphabet is that of alphanumeric segments (table 5).
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// characters reads two characters from 11 bits, one from 6. In a code with separators,
// one percent sign is a separator and two are a percent sign.
func (s *stream) characters(count int, separated bool) string {
	var all []byte
	for ; count > 1 && !s.broken; count -= 2 {
		value := s.take(11)
		all = append(all, s.character(value/len(alphabet)), s.character(value%len(alphabet)))
	}
	if count == 1 {
		all = append(all, s.character(s.take(6)))
	}
	if separated {
		return separators.Replace(string(all))
	}
	return string(all)
}

var separators = strings.NewReplacer("%%", "%", "%", "\x1d")

func (s *stream) character(value int) byte {
	if s.broken = s.broken || value >= len(alphabet); s.broken {
		return 0
	}
	return alphabet[value]
}

func (s *stream) bytes(count int) (all []byte) {
	for ; count > 0 && !s.broken; count-- {
		all = append(all, byte(s.take(8)))
	}
	return all
}

// assignment reads the number of a character set, from one to three bytes; the first says
// how many.
func (s *stream) assignment() int {
	first := s.take(8)
	switch {
	case first < 0x80:
		return first
	case first < 0xc0:
		return first&0x3f<<8 | s.take(8)
	case first < 0xe0:
		return first&0x1f<<16 | s.take(16)
	}
	s.broken = true
	return 0
}

// charsets decode bytes, by the number of the character set. Invalid UTF-8 becomes
// U+FFFD.
var charsets = map[int]func([]byte) string{
	1: latin1, 3: latin1, // ISO-8859-1
	26: utf8,
}

func utf8(bytes []byte) string { return string([]rune(string(bytes))) }

func latin1(bytes []byte) string {
	var all []rune
	for _, b := range bytes {
		all = append(all, rune(b))
	}
	return string(all)
}
