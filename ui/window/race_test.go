//go:build race

package window

func init() { detector, slower = []string{"-race"}, 10 }
