// Handback-window is Handback's window. The same jobs without a window are in
// cmd/handback.
package main

import (
	"os"

	"handback/ui/window"
)

func main() { os.Exit(window.Run(os.Args[1:])) }
