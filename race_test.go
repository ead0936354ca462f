//go:build race

package main

func init() { detector, slower = []string{"-race"}, 10 }
