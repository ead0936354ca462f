//go:build !accessibility

package window

const accessible = false
