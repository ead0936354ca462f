// Package durable writes a file whole or not at all: to a temporary file in
// the same folder, synchronized, read back and compared, then published under
// its name without replacing anything that was not meant to be replaced.
package durable
