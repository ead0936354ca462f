package window

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkWindowBesideABareOne starts the built window (make build) and the smallest
// window that Fyne can show, in turn. For both it reports as medians the time from the
// start of the process to a visible window and the resident memory one second later, the
// ratios of both, and the sizes of the programs.
func BenchmarkWindowBesideABareOne(b *testing.B) {
	const rounds = 21
	d := newDisplay(b)
	programs := map[string]string{"Handback": "../../bin/handback-window", "Bare": "../../bin/bare-window"}
	seconds, megabytes := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		for range rounds {
			for title, program := range programs {
				s, m := d.start(program, title)
				seconds[title], megabytes[title] = append(seconds[title], s), append(megabytes[title], m)
			}
		}
	}
	report := func(what string, of func(title string) float64) {
		ours, bare := of("Handback"), of("Bare")
		b.ReportMetric(ours, what)
		b.ReportMetric(bare, "bare-"+what)
		b.ReportMetric(ours/bare, what+"-ratio")
	}
	report("s", func(title string) float64 { return median(seconds[title]) })
	report("MB", func(title string) float64 { return median(megabytes[title]) })
	report("disk-MB", func(title string) float64 {
		info, err := os.Stat(programs[title])
		if err != nil {
			b.Fatal(err)
		}
		return float64(info.Size()) / 1e6
	})
}

// BenchmarkCreate measures the whole process of the command, until the file is durable.
func BenchmarkCreate(b *testing.B) {
	program, err := filepath.Abs("../../bin/handback")
	if err != nil {
		b.Fatal(err)
	}
	folder := b.TempDir()
	var milliseconds []float64
	for b.Loop() {
		for range 40 {
			c := exec.Command(program, "create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "bench")
			c.Dir, c.Env = folder, append(os.Environ(), "HANDBACK_HOME="+folder)
			began := time.Now()
			if out, err := c.CombinedOutput(); err != nil {
				b.Fatalf("%v %s", err, out)
			}
			milliseconds = append(milliseconds, float64(time.Since(began).Microseconds())/1000)
		}
	}
	b.ReportMetric(median(milliseconds), "ms-median")
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "disk-MB")
}

// start runs a window until it is visible and has settled.
func (d *display) start(program, title string) (seconds, megabytes float64) {
	c := exec.Command(program)
	c.Env = d.environment()
	began := time.Now()
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	d.until(title+"'s window", func() bool {
		out, err := d.tool("xwininfo", "-name", title)
		return err == nil && strings.Contains(out, "IsViewable")
	})
	seconds = time.Since(began).Seconds()
	time.Sleep(time.Second)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			megabytes = kilobytes / 1000
		}
	}
	return seconds, megabytes
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
