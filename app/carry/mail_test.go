package carry

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
)

// pythonMails returns mails that Python wrote, each with the same request.
func pythonMails(t testing.TB) map[string][]byte {
	t.Helper()
	given, err := json.Marshal(map[string]string{"text": inside, "picture": base64.StdEncoding.EncodeToString(pngOf(t, inside, ModulePixels))})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), apptest.Tool(t, "python3", "python3"), "testdata/mails.py")
	cmd.Stdin = bytes.NewReader(given)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one struct {
			Name string
			Mail []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all[one.Name] = one.Mail
	}
	return all
}

func TestARequestIsFoundInAMailOfAnyShape(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("python3 is asked on Linux; what is read is the same")
	}
	mails := pythonMails(t)
	if len(mails) < 17 {
		t.Fatalf("%d mails", len(mails))
	}
	for name, mail := range mails {
		if _, ok := mailOf(mail); !ok {
			t.Errorf("%s is not taken for a mail:\n%s", name, mail)
		}
		if got, err := textsIn(t, string(mail)); err != nil || !slices.Equal(got, []string{inside}) {
			t.Errorf("%s: %q, %v\n%.1500s", name, got, err, mail)
		}
	}
}

// mailWith returns a mail with a file attached.
func mailWith(name string, data []byte) string {
	return "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=xyz\r\n\r\n--xyz\r\n\r\nHello\r\n--xyz\r\n" +
		"Content-Disposition: attachment; filename=" + name + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(data) + "\r\n--xyz--\r\n"
}

func TestWhatIsWrongInAMailIsNamed(t *testing.T) {
	whole := mailWith("ls.req", []byte(inside))
	for name, tt := range map[string]struct {
		mail  string
		key   string
		found int
	}{
		"nothing":                {"From: a@b.example\nMIME-Version: 1.0\n\nHello\n", "carry.mail_empty", 0},
		"winmail.dat":            {mailWith("winmail.dat", []byte(winmail+"\x01\x00")), "carry.winmail", 0},
		"an HEIC photograph":     {mailWith("IMG_1.HEIC", []byte("\x00\x00\x00\x18ftypheic")), "carry.heic", 0},
		"a PDF":                  {mailWith("a.pdf", []byte("%PDF-1.7")), "carry.pdf", 0},
		"cut":                    {whole[:len(whole)-60], "carry.length", 0},
		"a damaged request":      {mailWith("ls.req", []byte(inside[:len(inside)-3]+"!!")), "carry.character", 0},
		"an archive in one":      {mailWith("a.zip", archiveOf(t, "b.zip", string(archiveOf(t, "c.req", inside)))), "carry.archive_nested", 0},
		"a damaged archive":      {mailWith("a.zip", archiveOf(t, "c.req", inside)[:40]), "carry.archive_damaged", 0},
		"too deep":               {nestedMail(maxMailDepth+2, mailWith("a.pdf", []byte("%PDF-1.7"))), "carry.nested", 0},
		"deep":                   {nestedMail(maxMailDepth-1, whole), "", 1},
		"only looks like a mail": {"Name: x\n" + inside + "\n", "", 1},
	} {
		pieces, err := Read(t.Context(), []byte(tt.mail))
		if apptest.Key(err) != tt.key || len(pieces) != tt.found {
			t.Errorf("%s: %d pieces, %v", name, len(pieces), err)
		}
	}
	// One that is there is found beside one that is damaged, and both are told.
	two := strings.Replace(mailWith("ls.req", []byte(inside[:20]+"!")), "--xyz--", "--xyz\r\n\r\n"+inside+"\r\n--xyz--", 1)
	if pieces, err := Read(t.Context(), []byte(two)); len(pieces) != 1 || err == nil || !strings.Contains(err.Error(), "ls.req") {
		t.Errorf("%d pieces, %v", len(pieces), err)
	}
}

// nestedMail returns a mail attached to a mail, and so on.
func nestedMail(depth int, inner string) string {
	for range depth {
		inner = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + inner
	}
	return inner
}

// archiveOf returns a .zip archive of files, each a name and a content.
func archiveOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// listed returns what an archive holds, one text each.
func listed(data []byte) (all []string) {
	for f := range Archive(bytes.NewReader(data), int64(len(data))) {
		said := string(f.Data)
		if f.Err != nil {
			said = apptest.Key(f.Err)
		}
		all = append(all, f.Name+": "+said)
	}
	return all
}

func TestAnArchiveIsUnpackedFileByFile(t *testing.T) {
	encrypted := archiveOf(t, "a.req", "text", "b.req", "more")
	at := bytes.Index(encrypted, []byte("PK\x01\x02"))
	encrypted[at+8] |= 1 // the first file's flag in the list
	damaged := archiveOf(t, "a.req", strings.Repeat("text", 9))
	damaged[bytes.Index(damaged, []byte("a.req"))+5] ^= 0xff
	for name, tt := range map[string]struct {
		data []byte
		want []string
	}{
		"two":             {archiveOf(t, "a.req", "1", "in/b.req", "2"), []string{"a.req: 1", "in/b.req: 2"}},
		"from systems":    {archiveOf(t, "__MACOSX/._a.req", "x", ".DS_Store", "x", "in/Thumbs.db", "x", "a.req", "1"), []string{"a.req: 1"}},
		"empty":           {archiveOf(t), []string{": carry.archive_empty"}},
		"folders alone":   {archiveOf(t, "in/", ""), []string{": carry.archive_empty"}},
		"a document":      {archiveOf(t, "[Content_Types].xml", "x", "word/a.xml", "x"), []string{": carry.document"}},
		"encrypted":       {encrypted, []string{"a.req: carry.archive_locked", "b.req: more"}},
		"in an archive":   {archiveOf(t, "a.zip", string(archiveOf(t, "a", "b")), "c", "d"), []string{"a.zip: carry.archive_nested", "c: d"}},
		"names that lie":  {archiveOf(t, "../../etc/\x1b[31mpasswd\u202e", "1", `a\b.req`, "2"), []string{"../../etc/_[31mpasswd_: 1", "a/b.req: 2"}},
		"damaged":         {damaged, []string{"a.req: carry.archive_damaged"}},
		"cut":             {archiveOf(t, "a.req", "1")[:60], []string{": carry.archive_damaged"}},
		"text behind its": {[]byte("PK\x03\x04 and no more"), []string{": carry.archive_damaged"}},
	} {
		if got := listed(tt.data); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A small archive that claims to be a large one costs neither time nor memory.
func TestAnArchiveThatUnpacksToFarTooMuchIsLeft(t *testing.T) {
	zeros := strings.Repeat("\x00", MaxPictureBytes)
	var files []string
	for i := range 10 {
		files = append(files, fmt.Sprint(i), zeros)
	}
	bomb := archiveOf(t, files...)
	got := 0
	for f := range Archive(bytes.NewReader(bomb), int64(len(bomb))) {
		if got += len(f.Data); f.Err != nil && !errors.Is(f.Err, errArchiveLarge) {
			t.Error(f.Err)
		}
	}
	if got > leastLimit {
		t.Errorf("%d bytes came out of %d", got, len(bomb))
	}
	if got := listed(archiveOf(t, "a", zeros+"\x00", "b", "c")); !slices.Equal(got, []string{"a: carry.too_large", "b: c"}) {
		t.Errorf("%q", got)
	}
	var many []string
	for i := range 60_000 {
		many = append(many, fmt.Sprintf("%036d.req", i), "")
	}
	if got := listed(archiveOf(t, many...)); !slices.Equal(got, []string{": carry.archive_large"}) {
		t.Errorf("%d files", len(got))
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte(mailWith("a.req", []byte(inside))))
	f.Add([]byte(mailWith("a.zip", archiveOf(f, "c.req", inside))))
	f.Add([]byte(nestedMail(2, mailWith("a.req", []byte(inside)))))
	f.Fuzz(func(t *testing.T, data []byte) {
		message, ok := mailOf(data)
		if !ok {
			return
		}
		pieces, err := readMail(t.Context(), message)
		if err == nil && len(pieces) == 0 || fault.KindOf(err) == fault.Unexpected && err != nil {
			t.Errorf("%d pieces, %v", len(pieces), err)
		}
	})
}
