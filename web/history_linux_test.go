package web_test

import (
	"fmt"
	"strings"
	"testing"

	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
	"handback/app/request"
	"handback/web"
)

func TestADatabaseFindsLicensesAndComputersAtOnce(t *testing.T) {
	db, err := postgres.Open(t.Context(), postgrestest.Start(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := newSite(t, func(o *web.Options) { o.PerAddress = 1000 })
	s.desk.App().Journal.Folder, s.desk.App().Journal.Store = "", db.Journal()
	var all []*request.Request
	for n := range 6 {
		r := s.make(func(d *request.Draft) {
			d.LicenseKey, d.HardwareID = fmt.Sprintf("GPYC-X5J2-L5SK-C3L%d", n), fmt.Sprintf("workstation-%d", n/2)
		})
		all = append(all, r)
		s.send(r.Encode())
	}
	s.web.SetSearchTime(0)
	anna := s.in("anna")
	for query, want := range map[string]string{
		"gpyc x5j2 l5sk c3l1": "1", "workstation-1": "23", "WORKSTATION": "012345", all[4].CheckCode(): "4", all[5].RequestID[:8]: "5",
		"workstation-1&stage=refused": "", "workstation-1&all=1": "", "C3L0": "",
	} {
		page, got := s.get(anna, "/desk/history?q="+strings.ReplaceAll(query, " ", "+")), ""
		for n := range 6 {
			if strings.Contains(page.text, fmt.Sprintf(">GPYC-X5J2-L5SK-C3L%d<", n)) {
				got += fmt.Sprint(n)
			}
		}
		if got != want {
			t.Errorf("%q finds %q, not %q", query, got, want)
		}
		if named := strings.Contains(page.text, "begins with this") && strings.Contains(page.text, "all=1"); named != (want != "") {
			t.Errorf("%q: %s", query, page.text)
		}
	}
	if found, err := s.desk.App().Journal.Find(all[2].CheckCode()); err != nil || found.Request.Encode() != all[2].Encode() {
		t.Errorf("%v", err)
	}
	if _, err := s.desk.App().Journal.Find("workstation-1"); err == nil {
		t.Error("a hardware ID names a request")
	}
}
