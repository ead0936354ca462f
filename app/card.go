package app

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"
	"sync"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/words"
	"handback/assets"
)

// cardWidth is the width of the card's code, in millimeters.
const cardWidth = 42

var cardTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("card").Parse(assets.Card)
})

// Card returns an HTML page with a computer's hardware ID, to print and keep for the day
// on which the computer does not start any more: in letters, and as a QR code that
// [HardwareIDFrom] reads. It does not have the license key.
func (a *App) Card(id machine.HardwareID) ([]byte, error) {
	text, err := json.Marshal(map[string]string{"hardware_id": id.Value})
	if err != nil {
		return nil, err
	}
	code, err := carry.NewCode(base64.StdEncoding.EncodeToString(text))
	if err != nil {
		return nil, err
	}
	t := a.Words.Text
	facts := []carry.Fact{
		{Name: t("member.hardware_id"), Value: words.Visible(id.Value, 200)},
		{Name: t("card.read_from"), Value: t("source." + string(id.Source))},
		{Name: t("member.product"), Value: a.Profile.Product.Code},
		{Name: t("card.date"), Value: a.Words.Date(a.Now())},
	}
	if host, err := a.Hostname(); err == nil && id.Source != machine.Typed { // a typed ID may be another computer's
		facts = append(facts, carry.Fact{Name: t("member.hostname"), Value: words.Visible(host, 100)})
	}
	page, err := cardTemplate()
	if err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{
		"Lang": a.Words.Language(), "Title": t("card.title"), "Use": t("card.use"), "Facts": facts, "Owner": t("card.owner"),
		"Vendor": a.vendorName(), "Page": t("sheet.page", "number", 1, "count", 1),
		"Code":     template.HTML(code.SVGOf(cardWidth)), //nolint:gosec // our own drawing, of base64
		"Steps":    []string{t("card.step.take"), t("card.step.send", "contact", a.Contact())},
		"Unproven": t("card.unproven"),
	})
	if err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	return out.Bytes(), nil
}

// cardName returns the proposed name for a card's file.
func cardName(id machine.HardwareID) string {
	safe := strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return -1
	}, id.Value)
	return "hardware-id-" + safe[:min(len(safe), 8)] + ".html"
}

// SaveCard writes a card to a file. It fails with [durable.ErrExists] if there is one,
// unless replace is set.
func (a *App) SaveCard(path string, id machine.HardwareID, replace bool) error {
	page, err := a.Card(id)
	if err != nil {
		return err
	}
	return durable.Write(path, page, replace)
}
