package pattern_test

import (
	"testing"

	"handback/app/pattern"
)

func TestAnExpressionIsCompiledWhenItIsFirstUsedAndOnce(t *testing.T) {
	wrong := pattern.Lazy("(")
	digits := pattern.Lazy("^[0-9]+$")
	if first := digits(); first != digits() || !first.MatchString("12") || first.MatchString("1a") {
		t.Error(first)
	}
	defer func() {
		if recover() == nil {
			t.Error("an expression that is not valid was compiled")
		}
	}()
	wrong()
}
