package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/postgres"
	"handback/app/words"
	"handback/cmd/terminal"
)

// importFiles returns the command that takes over into a database what a desk with files has.
func (c *command) importFiles() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use: "import-files [FOLDER]", Short: c.words.Text("desk.cmd.import_files"), Long: c.words.Text("desk.cmd.import_files.long"),
		Args: terminal.ArgumentCount(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runImportFiles(cmd.Context(), append(args, "")[0], force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, c.words.Text("desk.flag.force"))
	return cmd
}

func (c *command) runImportFiles(ctx context.Context, folder string, force bool) error {
	if !postgres.Is(c.store) {
		return fault.New(fault.Usage, "desk.import_where")
	}
	home, err := app.Home(os.Getenv)
	if err != nil {
		return err
	}
	folder = cmp.Or(folder, home)
	files := app.Journal(folder, c.words, time.Now)
	hasRecords, hasDesk := isFolder(files.Folder), isFolder(filepath.Join(folder, deskName))
	if !hasRecords && !hasDesk {
		return fault.New(fault.Input, "desk.import_none", "folder", folder)
	}
	found, err := files.Verify("")
	if err != nil {
		return err
	}
	c.terminal().ShowVerification(found)
	if !found.Intact() && !force {
		return fault.New(fault.Input, "desk.import_not_intact")
	}
	database, err := c.openIn(ctx, home)
	if err != nil {
		return err
	}
	defer database.close()
	to := app.Journal(home, c.words, time.Now)
	database.use(to)
	records, err := journal.TakeOver(to, files, found)
	if err != nil {
		return err
	}
	var beside desk.Copied
	if hasDesk {
		if beside, err = copyDesk(ctx, folder, database.desk); err != nil {
			return err
		}
	}
	c.terminal().Say("desk.imported", "records", records.Taken, "known", records.Known, "requests", beside.Filings, "people", beside.People,
		"profiles", beside.Profiles, "actions", beside.Actions)
	for _, name := range beside.Kept {
		c.terminal().Say("desk.import_kept", "name", words.Visible(name, 200))
	}
	status := 0
	for _, err := range records.Lost {
		c.terminal().Report(err)
		status = fault.Input.ExitStatus()
	}
	return terminal.Status(status)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// copyDesk copies what the desk of a folder has beside its journal.
func copyDesk(ctx context.Context, folder string, to desk.Store) (desk.Copied, error) {
	from, err := desk.OpenFiles(filepath.Join(folder, deskName))
	if err != nil {
		return desk.Copied{}, err
	}
	defer from.Close()
	return from.CopyTo(ctx, to)
}
