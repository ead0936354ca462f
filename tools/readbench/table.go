package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// score is the result of one reader for several pictures.
type score struct {
	pictures, codes int
	read            int     // codes read
	share           float64 // the sum over the pictures of the share of their codes that was read
	misread         int     // texts read that are not in their picture
	median, worst   time.Duration
}

func scoreOf(results []result, reader string) score {
	s := score{pictures: len(results)}
	var times []time.Duration
	for _, r := range results {
		read, misread := r.count(reader)
		s.codes += len(r.Texts)
		s.read += read
		s.share += float64(read) / float64(len(r.Texts))
		s.misread += misread
		times = append(times, r.readings[reader].time)
	}
	slices.Sort(times)
	s.median, s.worst = times[len(times)/2], times[len(times)-1]
	return s
}

// count returns how many codes of a picture a reader read, and how many of the texts it
// read are not in the picture.
func (r result) count(reader string) (read, misread int) {
	texts := r.readings[reader].texts
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

func (s score) percent() float64 { return 100 * s.share / float64(s.pictures) }

func printTable(out io.Writer, results []result, compared []reader) {
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\tpictures\tcodes\t")
	for _, r := range compared {
		fmt.Fprintf(table, "| %s\t%%\tmisread\tmedian ms\tworst ms\t", r.name)
	}
	fmt.Fprintln(table)
	row := func(name string, results []result) {
		first := scoreOf(results, compared[0].name)
		fmt.Fprintf(table, "%s\t%d\t%d\t", name, first.pictures, first.codes)
		for _, r := range compared {
			s := scoreOf(results, r.name)
			fmt.Fprintf(table, "| %d\t%.1f\t%d\t%d\t%d\t", s.read, s.percent(), s.misread, s.median.Milliseconds(), s.worst.Milliseconds())
		}
		fmt.Fprintln(table)
	}
	for _, name := range kindNames() {
		var ofKind []result
		for _, r := range results {
			if r.Kind == name {
				ofKind = append(ofKind, r)
			}
		}
		if len(ofKind) > 0 {
			row(name, ofKind)
		}
	}
	row("total", results)
	table.Flush()
	fmt.Fprintln(out, "The share in percent is of pictures; of a sheet it is the share of its frames.")
}

// printFailures lists the pictures of which Handback misses or misreads a code.
func printFailures(out io.Writer, home string, results []result) {
	for _, r := range results {
		if _, measured := r.readings[own]; !measured {
			continue
		}
		read, misread := r.count(own)
		if read == len(r.Texts) && misread == 0 {
			continue
		}
		var others []string
		for _, name := range readerNames() {
			if there, _ := r.count(name); name != own && there > read {
				others = append(others, name)
			}
		}
		fmt.Fprintf(out, "%s/%s: %d of %d, %d misread, %d ms", home, r.File, read, len(r.Texts), misread, r.readings[own].time.Milliseconds())
		if len(others) > 0 {
			fmt.Fprintf(out, "; more by %s", strings.Join(others, ", "))
		}
		fmt.Fprintln(out)
	}
}

// checkLeast returns an error if Handback misread any code, or read less than least
// percent.
func checkLeast(results []result, least float64) error {
	if _, measured := results[0].readings[own]; !measured {
		return nil
	}
	s := scoreOf(results, own)
	if s.misread > 0 {
		return fmt.Errorf("handback misread %d codes", s.misread)
	}
	if s.percent() < least {
		return fmt.Errorf("handback read %.1f %%, which is below %g %%", s.percent(), least)
	}
	return nil
}
