// Command readbench makes degraded pictures of QR codes, and measures how many of them
// Handback and readers by other authors read, and what that costs. It needs Debian's
// packages imagemagick and qrencode. Readers that are not installed are left out.
//
// The pictures depend only on the flag -seed, so that runs can be compared. They stay in
// the folder of the flag -folder, and only those that are missing or have changed are
// made again. The kinds of damage are in kinds.go; docs/figures.md has the results.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "readbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var (
		folder   = flag.String("folder", "build/corpus", "where the pictures are kept, a folder for each seed")
		seed     = flag.Uint64("seed", 1, "another number makes other pictures of the same kinds")
		only     = flag.String("kind", "", "one kind alone: "+strings.Join(kindNames(), ", "))
		every    = flag.Int("every", 1, "only every so many pictures of a kind")
		named    = flag.String("readers", strings.Join(found(), ","), "the readers to compare")
		failures = flag.Bool("failures", false, "list the files that Handback does not read, or reads in part")
		least    = flag.Float64("least", 0, "fail where Handback reads fewer percent of the pictures")
		making   = flag.Bool("make", false, "make the pictures and read none")
		served   = flag.String("serve", "", "only read with this reader the pictures whose paths are on standard input")
	)
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if *served != "" {
		return serve(ctx, *served, os.Stdin, os.Stdout)
	}
	if *only != "" && !slices.Contains(kindNames(), *only) {
		return fmt.Errorf("there is no kind %q; the kinds are %s", *only, strings.Join(kindNames(), ", "))
	}
	if *every < 1 {
		return fmt.Errorf("-every is at least 1")
	}
	compared, err := readersNamed(strings.Split(*named, ","))
	if err != nil {
		return err
	}

	home := filepath.Join(*folder, strconv.FormatUint(*seed, 10))
	pictures, err := makePictures(ctx, home, *seed, *only, *every)
	if err != nil || *making {
		return err
	}
	results, err := measure(ctx, home, pictures, compared)
	if err != nil {
		return err
	}
	printTable(os.Stdout, results, compared)
	if *failures {
		printFailures(os.Stdout, home, results)
	}
	return checkLeast(results, *least)
}
