package carry

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"handback/app/fault"
	"handback/app/words"
	"handback/assets"
)

// Sheet is a request on paper: its codes, and its lines to be typed where neither cameras
// nor sticks are allowed. A request of up to 600 characters has one page, A4 or Letter.
type Sheet struct {
	Words     *words.Words
	Practice  bool
	Vendor    string // the vendor's name; empty: none
	CheckCode string
	Facts     []Fact   // the request's content, in order
	Steps     []string // what to do next
	Message   string   // to send with the scanned text
	Codes     []*Code
	Plain     *Code    // the request in a form for any scanner, shown if there is room; may be nil
	Lines     []string // from [Lines]; none if the request is too long to be typed
}

// Fact is a name and a value from a request, for people.
type Fact struct{ Name, Value string }

// A4 and Letter both leave 186 by 255 millimeters.
const (
	codesAPage = 6 // in two columns
	// codeWidth is the largest width of a code, in millimeters: two thirds of a millimeter
	// per module in version 20. A single code stands beside the text.
	codeWidth = 70
	// moduleWidth is the largest width of a module, in millimeters.
	moduleWidth = 1.0

	// The width of a second code below the first one, and what it needs: modules that a
	// phone can see, and room. Chromium said which sheets still have one page.
	plainWidth       = 54
	leastModule      = 0.6
	bothWidths       = 112
	linesBesidePlain = 10

	// In two columns; on the first page, which has more to show, the lines of a request of
	// 600 characters.
	linesAPage      = 72
	linesOnTheFirst = 26

	// Printed lines of the table of facts, and the characters on one.
	factsAPage      = 50
	factsOnTheFirst = 14
	factWidth       = 36
)

// The template's data.
type (
	sheetView struct {
		Lang, Title, Loud, Vendor, CheckName, CheckCode, CheckUse string
		NextTitle                                                 string
		Steps                                                     []string
		FactsTitle, Secrets                                       string
		MessageTitle, MessageUse, Message                         string
		Pages                                                     []*pageView
	}
	pageView struct {
		Number     string // page 1 of 2
		Title, Use string // of the lines, and of pages after the first
		Facts      []Fact
		Codes      []codeView
		Lines      []string
	}
	codeView struct {
		SVG     template.HTML
		Caption string
	}
)

var sheetTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("sheet").Parse(assets.Sheet)
})

// HTML returns the sheet as a self-contained page for A4 and Letter, in black on white.
// It is well-formed XML too. A sheet always gives the same bytes.
func (s Sheet) HTML() ([]byte, error) {
	page, err := sheetTemplate()
	if err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, s.view()); err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	return out.Bytes(), nil
}

func (s Sheet) view() sheetView {
	t := s.Words.Text
	loud := t("sheet.not_free")
	if s.Practice {
		loud = t("sheet.practice")
	}
	pages := s.pages()
	for i, page := range pages {
		page.Number = t("sheet.page", "number", i+1, "count", len(pages))
	}
	return sheetView{
		Lang: s.Words.Language(), Title: t("sheet.title"), Loud: loud, Vendor: s.Vendor,
		CheckName: t("sheet.check_code"), CheckCode: s.CheckCode, CheckUse: t("sheet.check_code.use"),
		NextTitle: t("sheet.next"), Steps: s.Steps,
		FactsTitle: t("sheet.facts"), Secrets: t("sheet.secrets"),
		MessageTitle: t("sheet.message"), MessageUse: t("sheet.message.use"), Message: s.Message,
		Pages: pages,
	}
}

// pages returns the pages of the sheet: on the first all that has room there, then the
// remaining facts, the codes and the lines.
func (s Sheet) pages() []*pageView {
	first := &pageView{}
	pages := []*pageView{first}
	page, room := first, factsOnTheFirst
	for _, fact := range s.Facts {
		lines := 1 + len([]rune(fact.Value))/factWidth
		if room -= lines; room < 0 && len(page.Facts) > 0 {
			page, room = &pageView{Title: s.Words.Text("sheet.facts")}, factsAPage-lines
			pages = append(pages, page)
		}
		page.Facts = append(page.Facts, fact)
	}
	if len(s.Codes) == 1 {
		width := min(moduleWidth*float64(s.Codes[0].side()), codeWidth)
		first.Codes = []codeView{s.code(s.Codes[0])}
		if s.Plain != nil && plainWidth/float64(s.Plain.side()) >= leastModule && width+plainWidth <= bothWidths &&
			len(s.Lines) <= linesBesidePlain && len(pages) == 1 {
			first.Codes = append(first.Codes, s.drawn(s.Plain, plainWidth, s.Words.Text("sheet.code.plain")))
		}
	} else {
		pages = append(pages, s.codePages()...)
	}
	for from := 0; from < len(s.Lines); {
		page := first
		if len(s.Lines) > linesOnTheFirst {
			page = &pageView{}
			pages = append(pages, page)
		}
		to := min(from+linesAPage, len(s.Lines))
		page.Title = s.Words.Text("sheet.lines", "first", from+1, "last", to, "count", len(s.Lines), "check", s.CheckCode)
		page.Lines = s.Lines[from:to]
		if from == 0 {
			page.Use = s.Words.Text("sheet.lines.use")
		}
		from = to
	}
	return pages
}

func (s Sheet) codePages() (pages []*pageView) {
	for first := 0; first < len(s.Codes); first += codesAPage {
		last := min(first+codesAPage, len(s.Codes))
		page := &pageView{Title: s.Words.Text("sheet.codes", "first", first+1, "last", last, "count", len(s.Codes), "check", s.CheckCode)}
		for _, code := range s.Codes[first:last] {
			page.Codes = append(page.Codes, s.code(code))
		}
		pages = append(pages, page)
	}
	return pages
}

func (s Sheet) code(code *Code) codeView {
	caption := s.Words.Text("sheet.code.caption", "number", code.Number, "count", code.Count, "check", s.CheckCode)
	if code.Page != "" {
		caption += " · " + code.Page
	}
	return s.drawn(code, min(moduleWidth*float64(code.side()), codeWidth), caption)
}

// drawn returns a code of a width in millimeters.
func (s Sheet) drawn(code *Code, width float64, caption string) codeView {
	label := fmt.Sprintf(`<svg role="img" aria-label="%s" `, template.HTMLEscapeString(caption))
	drawn := strings.TrimSpace(string(code.SVGOf(width)))
	return codeView{template.HTML(label + strings.TrimPrefix(drawn, "<svg ")), caption}
}
