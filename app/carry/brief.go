package carry

import (
	"encoding/binary"
	"hash/crc32"
)

const (
	briefVersion = 0x81 // the highest bit tells a brief from a request
	minBrief     = 3
	// MaxBrief is the most that a brief may have, in bytes: two lines' worth.
	MaxBrief = 24
)

// BriefLines are a few bytes as lines to be typed, two at most: what goes back to
// a computer where nothing but paper is let in. They are lines as Lines makes
// them, but of another version, and not compressed. Their text, a line each, is
// also what a code of a brief holds. Brief has 3 to MaxBrief bytes.
func BriefLines(brief []byte) []string {
	count := shared(letters32.EncodedLen(lineHeader+len(brief)), lineLetters)
	stream := binary.BigEndian.AppendUint16([]byte{briefVersion}, uint16(count))
	stream = binary.BigEndian.AppendUint32(stream, crc32.ChecksumIEEE(brief))
	return numberedLines(append(stream, brief...))
}

// unbrief takes a brief that was typed whole out of its stream.
func unbrief(stream []byte, sum uint32) ([]byte, error) {
	brief := stream[lineHeader:]
	switch {
	case len(brief) > MaxBrief:
		return nil, tooLarge()
	case crc32.ChecksumIEEE(brief) != sum:
		return nil, ErrSum
	}
	return brief, nil
}
