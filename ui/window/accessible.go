//go:build accessibility

package window

// accessible: Fyne tells screen readers what the window shows.
const accessible = true
