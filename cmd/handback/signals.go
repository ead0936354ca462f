package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"

	"handback/app/durable"
	"handback/app/fault"
)

// answering is true while the work in progress ends with an answer once the context of
// interruptible is canceled.
var answering atomic.Bool

// answerTime is how long that work may take to end. With the time to end the program it
// stays below two seconds.
const answerTime = 1500 * time.Millisecond

// sayTime is how long printing the reason may take: standard error may be blocked.
const sayTime = 200 * time.Millisecond

// interruptible returns a context that the first interrupt cancels, for work that must
// end with an answer.
func interruptible() (context.Context, context.CancelFunc) {
	signals := endSignals()
	if len(signals) == 0 {
		return context.WithCancel(context.Background())
	}
	answering.Store(true)
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	return ctx, func() {
		if ctx.Err() == nil { // otherwise the program is ending, with its answer
			answering.Store(false)
		}
		stop()
	}
}

// prompting is called before a person is asked a question. An interrupt then ends the
// program at once, with the terminal restored. The caller calls done after the answer.
func (c *command) prompting() (done func()) {
	before := answering.Swap(false)
	if file, ok := c.in.(*os.File); ok {
		terminal := int(file.Fd())
		if state, err := term.GetState(terminal); err == nil {
			restore := func() { _ = term.Restore(terminal, state) }
			restoreTerminal.Store(&restore)
		}
	}
	return func() {
		restoreTerminal.Store(nil)
		answering.Store(before)
	}
}

// restoreTerminal restores the terminal on which a question is being asked; nil if none
// is.
var restoreTerminal atomic.Pointer[func()]

// endSignals returns the signals that ask a program to end, without those that its parent
// process made it ignore.
func endSignals() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM}, signal.Ignored)
}

// endWithSignals ends the program within two seconds of the first signal, whatever it
// reads or waits for. The second signal ends it at once.
func (c *command) endWithSignals() {
	signals := endSignals()
	if len(signals) == 0 {
		return
	}
	first := make(chan os.Signal, 1)
	signal.Notify(first, signals...)
	report := command{err: c.err, words: c.words, json: slices.Contains(os.Args, "--json")} // not c, which is in use by another goroutine
	go func() {
		<-first
		signal.Reset(signals...)
		report.end(answering.Load, os.Exit)
	}()
}

// end ends the program. While a file is being written, it waits and says so.
func (c *command) end(answering func() bool, exit func(status int)) {
	reported := false
	reportWriting := func() (writing bool) {
		path := durable.Writing()
		if path != "" && !reported {
			c.report(fault.New(fault.Connection, "cmd.interrupted.writing", "path", path))
			reported = true
		}
		return path != ""
	}
	for answering() {
		if time.Sleep(answerTime); !reportWriting() {
			break
		}
	}
	idle := make(chan struct{})
	go func() {
		durable.Stop()
		close(idle)
	}()
	select {
	case <-idle:
	case <-time.After(answerTime):
		reportWriting()
		<-idle
	}
	status := errInterrupted.Kind.ExitStatus()
	time.AfterFunc(sayTime, func() { exit(status) })
	if restore := restoreTerminal.Load(); restore != nil {
		(*restore)()
		fmt.Fprintln(c.err)
	}
	c.report(errInterrupted)
	exit(status)
}

// errInterrupted means that a signal ended the program.
var errInterrupted = fault.New(fault.Connection, "cmd.interrupted")
