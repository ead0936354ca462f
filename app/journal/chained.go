package journal

import (
	"encoding/hex"
	"iter"
	"slices"
	"strings"
)

// chainedLines has the lines of an audit chain by their records, in little memory: a desk
// has hundreds of thousands.
type chainedLines struct {
	records map[string]int32 // the last line of each record, from 1; negative when it was seen
	lines   []chainedLine
	names   []string         // the different whats of lines
	whats   map[string]int32 // their places in names
}

// chainedLine is what a record is compared with.
type chainedLine struct {
	number       int64
	count        int32
	what         int32 // in names
	before       int32 // the record's line before, from 1; 0 for none
	file, events [32]byte
}

// leastLine is the least that a line has of a file's bytes.
const leastLine = 240

// newChainedLines returns an empty chainedLines with room for the lines of a file.
func newChainedLines(size int64) *chainedLines {
	return &chainedLines{records: map[string]int32{}, whats: map[string]int32{}, lines: make([]chainedLine, 0, min(size/leastLine, 1<<20))}
}

// add adds the next line of the chain.
func (c *chainedLines) add(line auditLine) {
	what := strings.Join(line.what, ",")
	place, ok := c.whats[what]
	if !ok {
		place = int32(len(c.names))
		c.names = append(c.names, strings.Clone(what))
		c.whats[c.names[place]] = place
	}
	one := chainedLine{number: line.number, count: int32(min(line.count, maxLines)), what: place, file: sumOf(line.file), events: sumOf(line.events)}
	last, ok := c.records[line.record]
	one.before = last
	c.lines = append(c.lines, one)
	if !ok {
		line.record = strings.Clone(line.record) // not the whole line
	}
	c.records[line.record] = int32(len(c.lines))
}

// sumOf returns a digest as bytes. One in capitals, which nobody writes, becomes zeros, which
// are the digest of nothing.
func sumOf(text string) (sum [32]byte) {
	if _, err := hex.Decode(sum[:], []byte(text)); err != nil || hex.EncodeToString(sum[:]) != text {
		return [32]byte{}
	}
	return sum
}

// maxLines is more events than any record has.
const maxLines = 1 << 30

// of returns the lines of a record, in their order.
func (c *chainedLines) of(record string) (lines []auditLine) {
	at := c.records[record]
	for at = max(at, -at); at > 0; at = c.lines[at-1].before {
		lines = append(lines, c.line(record, at))
	}
	slices.Reverse(lines)
	return lines
}

func (c *chainedLines) line(record string, at int32) auditLine {
	one := c.lines[at-1]
	return auditLine{number: one.number, record: record, count: int(one.count), what: strings.Split(c.names[one.what], ","),
		file: hex.EncodeToString(one.file[:]), events: hex.EncodeToString(one.events[:])}
}

// see marks a record as there.
func (c *chainedLines) see(record string) {
	if at := c.records[record]; at > 0 {
		c.records[record] = -at
	}
}

// unseen returns the records that are not marked, each with its last line.
func (c *chainedLines) unseen() iter.Seq2[string, auditLine] {
	return func(yield func(string, auditLine) bool) {
		for record, at := range c.records {
			if at > 0 && !yield(record, c.line(record, at)) {
				return
			}
		}
	}
}
