//go:build accessibility

package window

// accessible means that this build tells screen readers what the window shows.
const accessible = true
