//go:build !accessibility

package main

const accessible = false
