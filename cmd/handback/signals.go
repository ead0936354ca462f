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

// answering tells that the work in hand ends by itself, and with an answer, when
// the context of interruptible does.
var answering atomic.Bool

// answerTime is how long it may take to. With the time to end the program it stays
// below two seconds.
const answerTime = 1500 * time.Millisecond

// sayTime is how long it may take to say why the program ends: nobody may read what
// it says.
const sayTime = 200 * time.Millisecond

// interruptible gives a context that ends with the first interrupt, for work that
// must be ended with an answer.
func interruptible() (context.Context, context.CancelFunc) {
	signals := endings()
	if len(signals) == 0 {
		return context.WithCancel(context.Background())
	}
	answering.Store(true)
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	return ctx, func() {
		if ctx.Err() == nil { // else the program is about to end, with its answer
			answering.Store(false)
		}
		stop()
	}
}

// prompting marks that a person is asked, who may interrupt at once; the terminal
// is then left as it was.
func (c *command) prompting() (done func()) {
	before := answering.Swap(false)
	if file, ok := c.in.(*os.File); ok {
		terminal := int(file.Fd())
		if state, err := term.GetState(terminal); err == nil {
			restore := func() { _ = term.Restore(terminal, state) }
			asking.Store(&restore)
		}
	}
	return func() {
		asking.Store(nil)
		answering.Store(before)
	}
}

// asking restores the terminal on which a person is asked; nil where nobody is.
var asking atomic.Pointer[func()]

// endings are the signals that ask a program to end, but for those that whoever
// started it has it ignore.
func endings() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM}, signal.Ignored)
}

// endWithSignals ends the program within two seconds of the first interrupt,
// whatever it reads or waits for. The second ends it at once.
func (c *command) endWithSignals() {
	signals := endings()
	if len(signals) == 0 {
		return
	}
	first := make(chan os.Signal, 1)
	signal.Notify(first, signals...)
	report := command{err: c.err, words: c.words, json: slices.Contains(os.Args, "--json")} // c is at work
	go func() {
		<-first
		signal.Reset(signals...)
		report.end(answering.Load, os.Exit)
	}()
}

// end ends the program, but not while it writes a file: then it says so and waits.
func (c *command) end(answering func() bool, exit func(status int)) {
	told := false
	tell := func() (writing bool) {
		path := durable.Writing()
		if path != "" && !told {
			c.report(fault.New(fault.Connection, "cmd.interrupted.writing", "path", path))
			told = true
		}
		return path != ""
	}
	for answering() {
		if time.Sleep(answerTime); !tell() {
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
		tell()
		<-idle
	}
	status := errInterrupted.Kind.ExitStatus()
	time.AfterFunc(sayTime, func() { exit(status) })
	if restore := asking.Load(); restore != nil {
		(*restore)()
		fmt.Fprintln(c.err)
	}
	c.report(errInterrupted)
	exit(status)
}

// errInterrupted says that a signal ended the program.
var errInterrupted = fault.New(fault.Connection, "cmd.interrupted")
