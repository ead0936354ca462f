package main

import (
	"os"
	"syscall"
	"time"
)

// cost is what a process has taken so far: time of all cores together, and the most
// memory at once, in bytes.
type cost struct {
	processor time.Duration
	memory    int64
}

// spent returns what this process has taken.
func spent() cost {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // it has no other process to ask for
	return costIn(&used)
}

// costOf returns what a process took that has ended.
func costOf(ended *os.ProcessState) cost { return costIn(ended.SysUsage().(*syscall.Rusage)) }

func costIn(used *syscall.Rusage) cost {
	return cost{time.Duration(used.Utime.Nano() + used.Stime.Nano()), used.Maxrss << 10}
}
