package carry

import (
	"encoding/binary"
	"hash/crc32"
)

const (
	briefVersion = 0x81 // the highest bit distinguishes a brief from a request
	minBrief     = 3
	// maxBrief limits a brief, in bytes: what two lines hold.
	maxBrief = 24
)

// BriefLines returns a few bytes, 3 to maxBrief, as at most two lines to be typed. They
// take a receipt back to a computer where only paper is allowed. The lines are like those
// of [Lines], but of another version and not compressed. Joined by line feeds they
// are also the text of a brief's code.
func BriefLines(brief []byte) []string {
	count := ceilDiv(armorBase32.EncodedLen(lineHeader+len(brief)), lineLetters)
	stream := binary.BigEndian.AppendUint16([]byte{briefVersion}, uint16(count))
	stream = binary.BigEndian.AppendUint32(stream, crc32.ChecksumIEEE(brief))
	return numberedLines(append(stream, brief...))
}

// decodeBrief returns the brief in a complete stream of typed lines.
func decodeBrief(stream []byte, sum uint32) ([]byte, error) {
	brief := stream[lineHeader:]
	switch {
	case len(brief) > maxBrief:
		return nil, tooLarge()
	case crc32.ChecksumIEEE(brief) != sum:
		return nil, ErrSum
	}
	return brief, nil
}
