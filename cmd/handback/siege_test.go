package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"handback/app/apptest"
)

// besieged is the script command besieged MEGABYTES: 400 clients send the sandbox at
// $ADDRESS almost all of a request, half of them of the header and half of the body. Its
// process must use less than so much memory. As many clients as it serves at once stay
// until the script ends.
func besieged(ts *testscript.TestScript, _ bool, args []string) {
	atMost, err := strconv.Atoi(args[0])
	ts.Check(err)
	padding := strings.Repeat("A", 1<<20-1)
	const first = "POST /api/v4/deactivate_offline HTTP/1.1\r\nHost: x\r\n"
	attack := func(text string) net.Conn {
		conn, err := net.Dial("tcp", ts.Getenv("ADDRESS"))
		if err != nil {
			return nil
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(conn, text)
		return conn
	}
	var clients sync.WaitGroup
	for i := range 400 {
		clients.Go(func() {
			text := first + "Content-Length: 1048576\r\n\r\n" + padding
			if i%2 == 0 {
				text = first + "X: " + padding[:900<<10]
			}
			if conn := attack(text); conn != nil {
				_, _ = io.Copy(io.Discard, conn) // until its deadline: it is not answered
				_ = conn.Close()
			}
		})
	}
	clients.Wait()

	started := ts.BackgroundCmds()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", started[len(started)-1].Process.Pid))
	ts.Check(err)
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if apptest.Race() {
		atMost *= 20 // the race detector's own memory
	}
	if kB, err := strconv.Atoi(string(peak[1])); err != nil || kB > atMost<<10 {
		ts.Fatalf("the sandbox took %d MiB, more than %d", kB>>10, atMost)
	}
	for range 16 {
		conn := attack(first + "Content-Length: 9\r\n\r\n")
		ts.Defer(func() { _ = conn.Close() })
	}
}
