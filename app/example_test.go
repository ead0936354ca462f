package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"handback/app"
	"handback/app/profile"
	"handback/app/words"
)

// The whole trip with the practice profile, which has a sandbox and a secret of its own.
func Example() {
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(home)
	a, err := app.New(home, profile.Practice(), words.English(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	// On the offline computer:
	file := filepath.Join(home, "request.req")
	made, err := a.Create(app.Create{
		LicenseKey: "GPYC-X5J2-L5SK-C3LK",
		HardwareID: "workstation-7", // otherwise this computer's is read
		Targets:    []app.Target{{Kind: app.RequestFile, Path: file}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("files:", len(made.Files))

	// On the connected one:
	for _, inspection := range a.Inspect(context.Background(), []app.Input{{Name: file}}) {
		fmt.Println("signature:", inspection.Verdict)
		s := a.Submit(context.Background(), inspection, app.Submit{})
		fmt.Println(s.Outcome, s.Practice)
		fmt.Println(s.Headline(words.English()))
	}
	// Output:
	// files: 1
	// signature: valid
	// released true
	// Released, in practice. No license was released.
}
