package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // decoded for gozxing
	_ "image/png"  // decoded for gozxing
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"handback/app/carry"
)

// result is what one reader made of one picture.
type result struct {
	Read    int           `json:"read"`
	Misread int           `json:"misread"`
	Took    time.Duration `json:"took"`
}

var readers = []struct {
	name string
	read func(path string) []string
}{
	{"Handback", readHandback},
	{"gozxing", readGozxing},
	{"zbarimg", readZbar},
}

func readHandback(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	texts, _ := carry.ReadPicture(context.Background(), data)
	return texts
}

// readGozxing is one call of its reader, at its best.
func readGozxing(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(decoded)
	if err != nil {
		return nil
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return nil
	}
	return []string{found.GetText()}
}

// readZbar puts each text onto a line: none has a line end.
func readZbar(path string) []string {
	printed, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(printed))
}

// bench reads the corpus with all readers and prints a table. What readers of
// other authors make of a picture is kept beside it, as it does not change.
func bench(folder, only string, failures bool, least float64) error {
	if err := need("zbarimg"); err != nil {
		return err
	}
	pictures, err := load(folder)
	if err != nil {
		return err
	}
	kept := map[string]result{}
	keptPath := filepath.Join(folder, "others.json")
	if data, err := os.ReadFile(keptPath); err == nil {
		_ = json.Unmarshal(data, &kept)
	}
	results := map[string]map[string][]result{} // by kind and reader
	codes := map[string]int{}
	var order []string
	for _, p := range pictures {
		if only != "" && p.Kind != only {
			continue
		}
		if results[p.Kind] == nil {
			results[p.Kind], order = map[string][]result{}, append(order, p.Kind)
		}
		codes[p.Kind] += len(p.Texts)
		for i, reader := range readers {
			key := reader.name + " " + p.File
			r, known := kept[key]
			if !known {
				r = try(reader.read, filepath.Join(folder, p.File), p.Texts)
			}
			if i > 0 {
				kept[key] = r
			} else if failures && r.Read < len(p.Texts) {
				fmt.Printf("not read: %s (%d of %d, misread %d)\n", p.File, r.Read, len(p.Texts), r.Misread)
			}
			results[p.Kind][reader.name] = append(results[p.Kind][reader.name], r)
		}
	}
	if data, err := json.Marshal(kept); err == nil {
		_ = os.WriteFile(keptPath, data, 0o644)
	}
	return report(order, results, codes, least)
}

func try(read func(string) []string, path string, want []string) result {
	start := time.Now()
	got := read(path)
	r := result{Took: time.Since(start)}
	for _, text := range got {
		if slices.Contains(want, text) {
			r.Read++
		} else {
			r.Misread++
		}
	}
	return r
}

func report(order []string, results map[string]map[string][]result, codes map[string]int, least float64) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "kind\tcodes\t")
	for _, reader := range readers {
		fmt.Fprintf(table, "%s\tmisread\tmedian ms\tworst ms\t", reader.name)
	}
	fmt.Fprintln(table)
	sums, all, total := map[string]result{}, map[string][]time.Duration{}, 0
	var behind []error
	row := func(name string, count int, of func(reader string) (result, []time.Duration)) {
		fmt.Fprintf(table, "%s\t%d\t", name, count)
		for _, reader := range readers {
			r, times := of(reader.name)
			slices.Sort(times)
			fmt.Fprintf(table, "%d\t%d\t%d\t%d\t", r.Read, r.Misread, times[len(times)/2].Milliseconds(), times[len(times)-1].Milliseconds())
		}
		fmt.Fprintln(table)
	}
	for _, kind := range order {
		total += codes[kind]
		row(kind, codes[kind], func(reader string) (sum result, times []time.Duration) {
			for _, r := range results[kind][reader] {
				sum.Read, sum.Misread, times = sum.Read+r.Read, sum.Misread+r.Misread, append(times, r.Took)
			}
			s := sums[reader]
			sums[reader] = result{s.Read + sum.Read, s.Misread + sum.Misread, 0}
			all[reader] = append(all[reader], times...)
			return sum, times
		})
		if ours, theirs := count(results[kind]["Handback"]), count(results[kind]["zbarimg"]); ours < theirs {
			behind = append(behind, fmt.Errorf("%s: %d codes read, zbarimg %d", kind, ours, theirs))
		}
	}
	row("all", total, func(reader string) (result, []time.Duration) { return sums[reader], all[reader] })
	_ = table.Flush()
	if sums["Handback"].Misread > 0 {
		behind = append(behind, errors.New("Handback misread a code"))
	}
	if share := 100 * float64(sums["Handback"].Read) / float64(total); least > 0 && share < least {
		behind = append(behind, fmt.Errorf("Handback read %.1f %% of the codes, less than %.0f", share, least))
	}
	return errors.Join(behind...)
}

func count(results []result) (read int) {
	for _, r := range results {
		read += r.Read
	}
	return read
}
