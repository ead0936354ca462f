package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// count returns how many codes of a picture a reader read, and how many of the texts it
// read are not in the picture.
func (r result) count(reader string) (read, misread int) {
	texts := r.readings[reader].Texts
	for _, text := range r.Texts {
		if slices.Contains(texts, text) {
			read++
		}
	}
	for _, text := range texts {
		if !slices.Contains(r.Texts, text) {
			misread++
		}
	}
	return read, misread
}

// whole reports whether a reader read all codes of a picture.
func (r result) whole(reader string) bool {
	read, _ := r.count(reader)
	return read == len(r.Texts)
}

// alone reports whether a reader read a code of a picture that another one did not.
func (r result) alone(reader, other string) bool {
	return slices.ContainsFunc(r.Texts, func(text string) bool {
		return slices.Contains(r.readings[reader].Texts, text) && !slices.Contains(r.readings[other].Texts, text)
	})
}

func (r result) measured(reader string) bool {
	_, ok := r.readings[reader]
	return ok
}

// sum adds up a number of all results.
func sum(results []result, number func(result) int) (total int) {
	for _, r := range results {
		total += number(r)
	}
	return total
}

// having returns how many results have a property.
func having(results []result, property func(result) bool) int {
	return sum(results, func(r result) int {
		if property(r) {
			return 1
		}
		return 0
	})
}

// printTable prints a table in Markdown: for each kind, the pictures of which a reader
// read all codes, and those in which one of the two readers compared read a code that the
// other did not; and what the readers cost.
func printTable(out io.Writer, results []result, compared []reader) {
	both := results[0].measured(own) && results[0].measured(strongest)
	line := func(name string, count int, cell func(reader string) string, alone ...int) {
		fmt.Fprintf(out, "| %s | %s |", name, number(count))
		for _, r := range compared {
			fmt.Fprintf(out, " %s |", cell(r.name))
		}
		if both {
			if alone == nil {
				alone = []int{-1, -1}
			}
			fmt.Fprintf(out, " %s | %s |", number(alone[0]), number(alone[1]))
		}
		fmt.Fprintln(out)
	}
	header := "| | of |"
	for _, r := range compared {
		header += " " + r.name + " |"
	}
	if both {
		header += " " + strongest + ", not " + own + " | " + own + ", not " + strongest + " |"
	}
	fmt.Fprintf(out, "%s\n%s\n", header, strings.Repeat("|---", strings.Count(header, "|")-1)+"|")

	row := func(name string, results []result) {
		line(name, len(results), func(reader string) string {
			return fmt.Sprint(having(results, func(r result) bool { return r.whole(reader) }))
		}, having(results, func(r result) bool { return r.alone(strongest, own) }),
			having(results, func(r result) bool { return r.alone(own, strongest) }))
	}
	for _, name := range kindNames() {
		ofKind := slices.DeleteFunc(slices.Clone(results), func(r result) bool { return r.Kind != name })
		if len(ofKind) > 0 {
			row(name, ofKind)
		}
	}
	row("all pictures", results)
	line("codes in them", sum(results, func(r result) int { return len(r.Texts) }), func(reader string) string {
		return fmt.Sprint(sum(results, func(r result) int { read, _ := r.count(reader); return read }))
	})
	line("misread", -1, func(reader string) string {
		return fmt.Sprint(sum(results, func(r result) int { _, misread := r.count(reader); return misread }))
	})
	for _, c := range costs {
		line(c.name, -1, func(reader string) string {
			var all []int64
			for _, r := range results {
				all = append(all, c.of(r.readings[reader]))
			}
			slices.Sort(all)
			return fmt.Sprintf("%d", all[(len(all)-1)*c.rank/100]/c.unit)
		})
	}
}

// number formats a number that is known.
func number(n int) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// costs are the rows of the table about what readers take: of all pictures, that which so
// many percent do not exceed.
var costs = []struct {
	name string
	of   func(reading) int64
	rank int
	unit int64
}{
	{"processor time, median, ms", processorTime, 50, int64(time.Millisecond)},
	{"processor time, 95 of 100, ms", processorTime, 95, int64(time.Millisecond)},
	{"time, median, ms", elapsedTime, 50, int64(time.Millisecond)},
	{"time, 95 of 100, ms", elapsedTime, 95, int64(time.Millisecond)},
	{"time, longest, ms", elapsedTime, 100, int64(time.Millisecond)},
	{"memory, most, MB", func(r reading) int64 { return r.Memory }, 100, 1_000_000},
}

func processorTime(r reading) int64 { return int64(r.Processor) }
func elapsedTime(r reading) int64   { return int64(r.Time) }

// printFailures lists the pictures of which Handback misses or misreads a code.
func printFailures(out io.Writer, home string, results []result) {
	for _, r := range results {
		if !r.measured(own) {
			continue
		}
		read, misread := r.count(own)
		if read == len(r.Texts) && misread == 0 {
			continue
		}
		var others []string
		for _, name := range readerNames() {
			if r.alone(name, own) {
				others = append(others, name)
			}
		}
		fmt.Fprintf(out, "%s/%s: %d of %d, %d misread, %d ms", home, r.File, read, len(r.Texts), misread, r.readings[own].Processor.Milliseconds())
		if len(others) > 0 {
			fmt.Fprintf(out, "; more by %s", strings.Join(others, ", "))
		}
		fmt.Fprintln(out)
	}
}

// checkLeast returns an error if Handback misread any code, or read less than least
// percent. Of a picture of several codes, the share that it read counts.
func checkLeast(results []result, least float64) error {
	if !results[0].measured(own) {
		return nil
	}
	share := 0.0
	for _, r := range results {
		read, misread := r.count(own)
		if misread > 0 {
			return fmt.Errorf("handback misread %d codes of %s", misread, r.File)
		}
		share += float64(read) / float64(len(r.Texts))
	}
	if percent := 100 * share / float64(len(results)); percent < least {
		return fmt.Errorf("handback read %.1f %%, which is below %g %%", percent, least)
	}
	return nil
}
