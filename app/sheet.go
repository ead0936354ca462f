package app

import (
	"handback/app/carry"
	"handback/app/profile"
	"handback/app/words"
)

// maxTypedLines is the maximum number of lines to type on a sheet, some six pages.
const maxTypedLines = 200

// Sheet returns the request as an HTML page to print; see [carry.Sheet]. If there is room,
// it has a code in the plain form too, for scanners and the vendor's portal. Lines to type
// are left out if there are more than 200.
func (a *App) Sheet(c *Outgoing, d carry.Drawing) ([]byte, error) {
	codes, err := c.Codes(d)
	if err != nil {
		return nil, err
	}
	lines, err := carry.Lines(c.Encode(), c.reader.Known)
	if err != nil || len(lines) > maxTypedLines {
		lines = nil
	}
	sheet := carry.Sheet{Words: a.Words, Practice: a.Profile.Practice, CheckCode: c.CheckCode(), Codes: codes, Lines: lines,
		Vendor: a.vendorName(), Message: a.Message(c), Steps: a.sheetSteps(c.Handoff, len(lines) > 0)}
	if plain, err := c.Codes(carry.Drawing{Form: carry.PlainCode, Density: d.Density}); err == nil && len(plain) == 1 && plain[0].Text != codes[0].Text {
		sheet.Plain = plain[0] // an unsigned request has none
	}
	for _, m := range c.Members {
		sheet.Facts = append(sheet.Facts, carry.Fact{Name: MemberName(a.Words, m.Name), Value: MemberText(m)})
	}
	return sheet.HTML()
}

// vendorName returns the name that pages to print have: the profile's, or none for the
// built-in practice.
func (a *App) vendorName() string {
	if a.Profile.Name == profile.Practice().Name {
		return ""
	}
	return words.Visible(a.Profile.Name, 60)
}

func (a *App) sheetSteps(handoff, typed bool) []string {
	if a.Profile.Practice {
		return []string{a.Words.Text("sheet.step.practice")}
	}
	steps := []string{a.Words.Text("sheet.step.photograph"), a.Words.Text("sheet.step.scan", "contact", a.Contact())}
	if typed {
		steps = append(steps, a.Words.Text("sheet.step.type"))
	}
	if handoff {
		steps = append(steps, a.Words.Text("sheet.step.handoff", "contact", a.Contact()))
	} else {
		steps = append(steps, a.Words.Text("sheet.step.portal", "portal", a.Profile.Server.Portal, "contact", a.Contact()))
	}
	return append(steps, a.Words.Text("sheet.step.stop"))
}
