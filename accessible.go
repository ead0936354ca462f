//go:build accessibility

package main

// accessible: Fyne tells screen readers what the window shows.
const accessible = true
