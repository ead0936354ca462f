//go:build js && wasm

// Command reader finds codes in pictures in a browser: handback/app/carry/scan as
// WebAssembly, so that a picture does not leave the phone on which it was taken.
//
// It defines handbackScan(gray, width, height, milliseconds): gray is a Uint8Array with one
// byte per pixel, from 0 for black, row by row. It returns a list of the texts of the codes
// that were found in the time given. handbackGlance takes the same, and finds codes that are
// plain, in a tenth of the time.
package main

import (
	"context"
	"syscall/js"
	"time"

	"handback/app/carry/scan"
)

func main() {
	define("handbackScan", scan.Texts)
	define("handbackGlance", scan.Quick)
	select {}
}

// define makes a function of JavaScript that looks at a picture. The picture's memory is used
// again by the next.
func define(name string, look func(context.Context, scan.Gray) []string) {
	var pixels []byte
	js.Global().Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any {
		picture := scan.Gray{Width: args[1].Int(), Height: args[2].Int()}
		texts := []any{}
		if length := args[0].Length(); length != picture.Width*picture.Height {
			return texts
		} else if length > cap(pixels) {
			pixels = make([]byte, length)
		}
		picture.Pix = pixels[:args[0].Length()]
		js.CopyBytesToGo(picture.Pix, args[0])
		ends := time.Now().Add(time.Duration(args[3].Int()) * time.Millisecond)
		for _, text := range look(until{context.Background(), ends}, picture) {
			texts = append(texts, text)
		}
		return texts
	}))
}

// until is a context that ends at a time. That of the standard library would take a timer,
// which does not run while the one thread of a browser's worker is busy.
type until struct {
	context.Context
	ends time.Time
}

func (u until) Err() error {
	if time.Now().After(u.ends) {
		return context.DeadlineExceeded
	}
	return nil
}
