// Package pattern has regular expressions that are compiled when they are first used: a
// program that ends after some milliseconds uses few of those that it has.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy returns a function that returns the compiled expression. The function panics if the
// expression is not valid.
func Lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
