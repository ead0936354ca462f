package app

import "strings"

// Message returns a message to the support contact. Whoever sends it pastes the text of
// the codes below it.
func (a *App) Message(c *Outgoing) string {
	return strings.Join([]string{
		a.Words.Text("message.to", "contact", a.Contact()),
		a.Words.Text("message.subject", "product", c.Product, "check", c.CheckCode()),
		"",
		a.Words.Text("message.body"),
		a.Words.Text("message.owner", "owner", c.Owner()),
		a.Words.Text("message.hardware_id", "id", c.Request.HardwareID),
		a.Words.Text("message.check", "check", c.CheckCode()),
		a.Words.Text("message.text"),
	}, "\n")
}
