package ui

import (
	"handback/app/request"
	"handback/ui/kit"
)

// marks are the marks of the states of a request.
var marks = map[request.State]kit.Mark{
	request.Created:          kit.WaitMark,
	request.Exported:         kit.WaitMark,
	request.Submitting:       kit.WaitMark,
	request.Released:         kit.FreeMark,
	request.Refused:          kit.ErrorMark,
	request.ProbablyReleased: kit.DoubtMark,
	request.Unknown:          kit.DoubtMark,
	request.NotSent:          kit.StillMark,
	request.Cancelled:        kit.StillMark,
}
