package ui

import (
	"handback/app"
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

// stageMarks are the marks of the history's filters.
var stageMarks = map[app.Stage]kit.Mark{
	app.OpenStage:      kit.WaitMark,
	app.ReleasedStage:  kit.FreeMark,
	app.RefusedStage:   kit.ErrorMark,
	app.UncertainStage: kit.DoubtMark,
}

// standingMarks are the marks of the filters of a batch.
var standingMarks = map[app.Standing]kit.Mark{
	app.NeedsYou:  kit.StillMark,
	app.ToSubmit:  kit.PlainMark,
	app.BeingSent: kit.WaitMark,
	app.Done:      kit.FreeMark,
	app.Noted:     kit.PlainMark,
}
