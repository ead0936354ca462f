//go:build !linux

package portal

import "context"

// Choose fails with [ErrNone]: only Linux has a portal.
func Choose(context.Context, Question) ([]string, error) { return nil, ErrNone }
