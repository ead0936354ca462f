//go:build unix

package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"handback/app/request"
	"handback/app/words"
)

// rows returns all that is measured.
func rows(quick bool) []row {
	some := func(usual, quickly int) int {
		if quick {
			return quickly
		}
		return usual
	}
	many, sent, slow, most := some(20_000, 2000), some(1000, 100), some(400, 40), some(1_000_000, 10_000)
	all := []row{
		{"a signed request, whole process", "the vendor's SDK in Node.js", some(41, 3), signBesideTheSDK,
			[]figure{wall(15), cpu(25), memory(0)}},
		{"a signed request, whole process", "an openssl pipeline in sh", some(41, 3), signBesideOpenSSL,
			[]figure{wall(1), cpu(0)}},
		{"a request as a QR code, whole process", "qrencode, of the same text", some(21, 3), drawCode,
			[]figure{wall(0), cpu(0)}},
	}
	for count := 1000; count <= most; count *= 10 {
		runs := max(1, min(21, 300_000/count))
		all = append(all, row{fmt.Sprintf("verifying %s requests", number(count)), "HMAC and base64 in one loop", some(runs, 1), verify(count),
			[]figure{perSecond(count, 0)}})
	}
	return append(all,
		row{fmt.Sprintf("inspect of %s request files", number(many)), "reading, HMAC and base64 in one loop", some(5, 2), inspect(many),
			[]figure{perSecond(many, 40_000), memoryUpTo(64)}},
		row{fmt.Sprintf("submit of %s requests, each step durable", number(sent)), "a plain HTTP client, 8 connections", some(3, 1), submit(sent, 0),
			[]figure{perSecond(sent, 800), memoryUpTo(96)}},
		row{fmt.Sprintf("submit of %d requests, 200 ms an answer, 8 at a time", slow), "a plain HTTP client, 8 connections", some(2, 1), submit(slow, 200*time.Millisecond),
			[]figure{wall(0)}},
		row{fmt.Sprintf("submit of %d requests, 200 ms an answer, 8 at a time", slow), "the ideal", some(2, 1), ideally(slow, 200*time.Millisecond),
			[]figure{wall(0.9)}},
		row{"history list of 100,000 records, until the first line", "", some(5, 1), history("", "list"),
			[]figure{firstLine(0.3)}},
		row{"history list of 100,000 records", "cat of their files", 1, history("find . -name '*.txt' -print0 | xargs -0 cat", "list"),
			[]figure{wall(0), memoryUpTo(64)}},
		row{"history list --license of one among 100,000", "grep through their files", some(3, 1), history("grep -rl nothing . || true", "list", "--license", "TEST-0004-2424-KEYS"),
			[]figure{wall(0), memoryUpTo(64)}},
		row{"the window, starting", "the least that Fyne can show", 1, window,
			[]figure{wall(0.87), memory(0.8)}},
	)
}

func wall(wanted float64) figure {
	return figure{name: "time", value: func(s sample) float64 { return s.wall.Seconds() }, show: seconds, wanted: wanted}
}

func cpu(wanted float64) figure {
	return figure{name: "processor time", value: func(s sample) float64 { return s.cpu.Seconds() }, show: seconds, wanted: wanted}
}

func memory(wanted float64) figure {
	return figure{name: "memory", value: func(s sample) float64 { return float64(s.memory) }, show: megabytes, wanted: wanted}
}

func memoryUpTo(mb float64) figure {
	f := memory(0)
	f.most, f.limit = mb*1e6, fmt.Sprintf("at most %g MB", mb)
	return f
}

func firstLine(most float64) figure {
	return figure{name: "until the first line", value: func(s sample) float64 { return s.first.Seconds() }, show: seconds,
		most: most, limit: fmt.Sprintf("at most %g s", most)}
}

// perSecond is shown as a rate, of which at least so much is wanted; its value is the time
// for one.
func perSecond(count, least int) figure {
	f := figure{name: "each second", value: func(s sample) float64 { return s.wall.Seconds() / float64(count) },
		show: func(value float64) string { return number(int(math.Round(1 / value))) }}
	if least > 0 {
		f.most, f.limit = 1/float64(least), "at least "+number(least)
	}
	return f
}

func number(n int) string { return words.English().Number(int64(n)) }

func seconds(value float64) string {
	if value < 1 {
		return fmt.Sprintf("%.1f ms", value*1000)
	}
	return fmt.Sprintf("%.2f s", value)
}

func megabytes(value float64) string { return fmt.Sprintf("%.1f MB", value/1e6) }

// signing makes a request of schema 2, as the SDK does, until its file and its record are
// durable: the first on a computer.
func (l *lab) signing() task {
	return func() (sample, error) {
		args := append(l.vendor("schema2.toml"), "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "bench", "--quiet", "--output", l.fresh("a.req"))
		return process(l.command(l.fresh("home"), append([]string{"create"}, args...)...))
	}
}

const sdkProgram = `const { LicenseAPI } = require('@licensespring/node-sdk');
const api = new LicenseAPI({ apiKey: '` + apiKey + `', sharedKey: '` + sharedKey + `', appName: 'bench', appVersion: '1' });
require('node:fs').writeFileSync(process.argv[2], api.createOfflineDeactivationPayload(
  { license_key: 'GPYC-X5J2-L5SK-C3LK', hardware_id: 'bench', product: '` + product + `' }));
`

// checked runs a program that writes a request to the path that it is given last, and reads
// that as Handback would.
func (l *lab) checked(program ...string) (sample, error) {
	path := l.fresh("b.req")
	s, err := process(exec.Command(program[0], append(program[1:], path)...))
	if err != nil {
		return s, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	r, err := request.Decode(string(text))
	if err == nil && r.Verify(l.key) != request.Valid {
		err = fmt.Errorf("the signature is %s", r.Verify(l.key))
	}
	return s, err
}

func signBesideTheSDK(l *lab) (ours, theirs task, err error) {
	program := filepath.Join(l.project, "build", "npm", "sign.js")
	if err := os.WriteFile(program, []byte(sdkProgram), 0o600); err != nil {
		return nil, nil, err
	}
	return l.signing(), func() (sample, error) { return l.checked("node", program) }, nil
}

const opensslPipeline = `key=$(cat "$1")
json='{"license_key":"GPYC-X5J2-L5SK-C3LK","hardware_id":"bench","product":"` + product + `","request_id":"'$(cat /proc/sys/kernel/random/uuid)'","request":"deactivation","schema_version":2,"api_key":"` + apiKey + `","date":"'$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')'"}'
signature=$(printf %s "$json" | openssl dgst -sha256 -hmac "$key" -binary | openssl base64 -A)
printf '{"request":%s,"signature":"%s"}' "$json" "$signature" | openssl base64 -A >"$2"
`

func signBesideOpenSSL(l *lab) (ours, theirs task, err error) {
	return l.signing(), func() (sample, error) { return l.checked("sh", "-ec", opensslPipeline, "sh", l.path("key.txt")) }, nil
}

func drawCode(l *lab) (ours, theirs task, err error) {
	home, text := l.fresh("home"), l.path("code.txt")
	made := l.command(home, append(l.vendor("acme.toml"), "create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "bench", "--quiet", "--output", text)...)
	if out, err := made.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("%w: %s", err, out)
	}
	return func() (sample, error) {
			args := append(l.vendor("acme.toml"), "create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "bench", "--quiet", "--qr", l.fresh("a.png"))
			return process(l.command(home, args...))
		}, func() (sample, error) {
			return process(exec.Command("qrencode", "-l", "M", "-s", "8", "-r", text, "-o", l.fresh("b.png")))
		}, nil
}

// verify decodes requests and verifies their signatures. The floor does the HMAC and the
// base64 of the same bytes and nothing else.
func verify(count int) func(*lab) (ours, theirs task, err error) {
	return func(l *lab) (ours, theirs task, err error) {
		texts, err := l.requests(min(count, 10_000))
		if err != nil {
			return nil, nil, err
		}
		return func() (sample, error) {
				return here(func() error {
					for n := range count {
						r, err := request.Decode(texts[n%len(texts)])
						if err != nil {
							return err
						}
						if r.Verify(l.key) != request.Valid {
							return errors.New("a signature is not valid")
						}
					}
					return nil
				})
			}, func() (sample, error) {
				return here(func() error {
					sum := newSum()
					for n := range count {
						if err := sum.add(texts[n%len(texts)]); err != nil {
							return err
						}
					}
					return nil
				})
			}, nil
	}
}

// sum is the least that has to be done with a request: base64 and HMAC.
type sum struct {
	mac interface {
		io.Writer
		Sum([]byte) []byte
		Reset()
	}
	decoded []byte
	digest  []byte
	text    []byte
}

func newSum() *sum { return &sum{mac: hmac.New(sha256.New, []byte(sharedKey))} }

func (s *sum) add(text string) (err error) {
	s.decoded, err = base64.StdEncoding.AppendDecode(s.decoded[:0], []byte(text))
	s.mac.Reset()
	_, _ = s.mac.Write(s.decoded)
	s.digest = s.mac.Sum(s.digest[:0])
	s.text = base64.StdEncoding.AppendEncode(s.text[:0], s.digest)
	return err
}

func inspect(count int) func(*lab) (ours, theirs task, err error) {
	return func(l *lab) (ours, theirs task, err error) {
		texts, err := l.requests(count)
		if err != nil {
			return nil, nil, err
		}
		folder, err := l.files(texts)
		home := l.fresh("home")
		return func() (sample, error) {
				return process(l.command(home, append(l.vendor("acme.toml"), "inspect", "--json", folder)...))
			}, func() (sample, error) {
				return here(func() error {
					sum := newSum()
					return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
						if err != nil || entry.IsDir() {
							return err
						}
						text, err := os.ReadFile(path)
						if err != nil {
							return err
						}
						return sum.add(string(text))
					})
				})
			}, err
	}
}

// submit sends requests to a sandbox on this computer, to which there is no limit for each
// second. The other sends the same bodies and stores nothing.
func submit(count int, after time.Duration) func(*lab) (ours, theirs task, err error) {
	return func(l *lab) (ours, theirs task, err error) {
		texts, err := l.requests(count)
		if err != nil {
			return nil, nil, err
		}
		folder, err := l.files(texts)
		return func() (sample, error) {
			server, err := l.server(after)
			if err != nil {
				return sample{}, err
			}
			defer server.Close()
			receipts := l.fresh("receipts")
			if err := os.Mkdir(receipts, 0o700); err != nil {
				return sample{}, err
			}
			return process(l.command(l.fresh("home"), append(l.vendor("acme.toml"), "submit", "--json", "--endpoint", server.URL, "--receipts", receipts, folder)...))
		}, func() (sample, error) { return l.post(texts, after) }, err
	}
}

// ideally compares submit with the time that the answers alone take.
func ideally(count int, after time.Duration) func(*lab) (ours, theirs task, err error) {
	return func(l *lab) (ours, theirs task, err error) {
		ours, _, err = submit(count, after)(l)
		return ours, func() (sample, error) { return sample{wall: time.Duration((count+7)/8) * after}, nil }, err
	}
}

// post sends requests with Go's HTTP client, eight at a time.
func (l *lab) post(texts []string, after time.Duration) (sample, error) {
	server, err := l.server(after)
	if err != nil {
		return sample{}, err
	}
	defer server.Close()
	return here(func() error {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
		defer client.CloseIdleConnections()
		waiting := make(chan string)
		failed := make([]error, 8)
		var all sync.WaitGroup
		for i := range failed {
			all.Go(func() {
				for text := range waiting {
					failed[i] = errors.Join(failed[i], postOne(client, server.URL, text))
				}
			})
		}
		for _, text := range texts {
			waiting <- text
		}
		close(waiting)
		all.Wait()
		return errors.Join(failed...)
	})
}

func postOne(client *http.Client, server, text string) error {
	r, err := http.NewRequest(http.MethodPost, server+"/api/v4/deactivate_offline", strings.NewReader(text))
	if err != nil {
		return err
	}
	date := time.Now().UTC().Format(http.TimeFormat)
	mac := hmac.New(sha256.New, []byte(sharedKey))
	_, _ = io.WriteString(mac, "licenseSpring\ndate: "+date)
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("Date", date)
	r.Header.Set("Authorization", fmt.Sprintf(`algorithm="hmac-sha256",headers="date",signature="%s",apikey="%s"`, base64.StdEncoding.EncodeToString(mac.Sum(nil)), apiKey))
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && !bytes.Contains(body, []byte("license_deactivated")) {
		err = fmt.Errorf("%s: %s", answer.Status, body)
	}
	return err
}

// history lists a journal of 100,000 records, which a benchmark of the journal makes. The
// other is a shell command in the journal's folder; without one, Handback ends after its first
// line.
func history(other string, args ...string) func(*lab) (ours, theirs task, err error) {
	return func(l *lab) (ours, theirs task, err error) {
		home := filepath.Join(l.project, "build", "bench")
		made := exec.Command("go", "test", "-run", "^$", "-bench", "LargeJournal/first", "-benchtime", "1x", "./app/journal")
		made.Env = append(os.Environ(), "CGO_ENABLED=0", "HANDBACK_TEST_LARGE="+home)
		if err := os.MkdirAll(home, 0o700); err != nil {
			return nil, nil, err
		}
		if out, err := made.CombinedOutput(); err != nil {
			return nil, nil, fmt.Errorf("%w: %s", err, out)
		}
		args = append([]string{"history"}, args...)
		if other == "" {
			return func() (sample, error) { return firstLineOf(l.command(home, args...)) }, nil, nil
		}
		return func() (sample, error) { return process(l.command(home, args...)) }, func() (sample, error) {
			cmd := exec.Command("sh", "-c", other)
			cmd.Dir = filepath.Join(home, "journal")
			return process(cmd)
		}, nil
	}
}

var reported = regexp.MustCompile(`([0-9.]+) (\S+)`)

// window starts both windows in turn, in a benchmark of its own, and takes its medians.
func window(l *lab) (ours, theirs task, err error) {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "WindowBesideABareOne", "-benchtime", "1x", "-tags", "no_emoji,migrated_fynedo", "./ui/window")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s", err, out)
	}
	values := map[string]float64{}
	for _, match := range reported.FindAllStringSubmatch(string(out), -1) {
		values[match[2]], _ = strconv.ParseFloat(match[1], 64)
	}
	task := func(prefix string) task {
		return func() (sample, error) {
			s := sample{wall: time.Duration(values[prefix+"s"] * float64(time.Second)), memory: int64(values[prefix+"MB"] * 1e6)}
			if s.wall == 0 || s.memory == 0 {
				return s, fmt.Errorf("no figures: %s", out)
			}
			return s, nil
		}
	}
	return task(""), task("bare-"), nil
}
