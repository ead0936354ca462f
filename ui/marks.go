package ui

import (
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/ui/kit"
)

// marks are those of outcomes and of states in the history, which have one name.
var marks = map[string]kit.Mark{
	string(journal.Created):          kit.WaitMark,
	string(journal.Exported):         kit.WaitMark,
	string(journal.Submitting):       kit.WaitMark,
	string(journal.Released):         kit.FreeMark,
	string(journal.Refused):          kit.ErrorMark,
	string(journal.ProbablyReleased): kit.DoubtMark,
	string(journal.Unknown):          kit.DoubtMark,
	string(licensespring.NotSent):    kit.StillMark,
	string(licensespring.Cancelled):  kit.StillMark,
}

func markOf[Name journal.State | licensespring.Outcome](name Name) kit.Mark {
	return marks[string(name)]
}
