package main

import (
	"fmt"
	"path/filepath"
	"time"

	"handback/app"
	"handback/app/fault"
	"handback/app/words"
)

// runWatch submits what is put into a folder, until the program is told to end.
func (c *command) runWatch(folder string, args []string, more inputFlags, job app.Submit, how runFlags) error {
	for _, other := range []struct {
		flag string
		set  bool
	}{{"FILE", len(args) > 0}, {"--files-from", more.list != ""}, {"--report", how.report != ""}, {"--dry-run", job.DryRun}, {"--receipts", job.Receipts != ""}} {
		if other.set {
			return fault.New(fault.Usage, "cmd.watch_alone", "other", other.flag)
		}
	}
	if !app.IsFolder(folder) {
		return fault.New(fault.Usage, "cmd.watch_folder", "path", folder)
	}
	ctx, stop := interruptible()
	defer stop()
	b, err := c.batch(job, how.jobs)
	if err != nil {
		return err
	}
	if !c.json {
		c.say(c.err, "cmd.watching", "folder", folder)
	}
	return b.Watch(ctx, folder, func(w app.Watched) {
		s := w.Result()
		if s.Request != nil && c.json {
			c.showSubmission(s, profileOf(w.Row))
			return
		}
		to := string(w.To)
		if w.To == app.WaitingFile {
			to = c.words.Text("cmd.watched.waits")
		}
		fmt.Fprintln(c.out, time.Now().Format(time.RFC3339), to, words.Visible(filepath.Base(w.File), 200), s.Sentences(c.words))
	})
}
