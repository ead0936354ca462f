package machine

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// F110
func TestAnIDOfItsOwnIsNoJunk(t *testing.T) {
	for _, id := range []string{recordedUUID, vendorID, guid, etcID, dbusID, "00000000-0000-0000-0000-AC1F6B4E21D7", "00000000-0000-0000-0000-AC1F6B0021D0", "4C4C4544-0042-3510-8058-B7C04F4D3232",
		"564D8A5E-1F2B-7C60-9C3D-0123456789AB", "box-17", "00000000"} {
		if isJunk(id) {
			t.Errorf("%s counts as junk", id)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		if id := fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()); isJunk(id) {
			t.Fatalf("%s counts as junk", id)
		}
	}
}

// F110: the SDKs go on to /etc/machine-id.
func TestAFileThatHoldsNoIDIsPassedOverWithADoubt(t *testing.T) {
	for _, useless := range []string{"", " \n", "uninitialized\n", "00000000000000000000000000000000\n"} {
		c := linux(dbusFile, useless, etcFile, etcID+"\n")
		want := finding{etcID, etcFile, []string{"useless_file"}, ""}
		if diff := cmp.Diff(want, read(c, MachineID)); diff != "" {
			t.Errorf("%q: want -, got +\n%s", useless, diff)
		}
		if !slices.ContainsFunc(c.All(""), func(c Candidate) bool { return c.HardwareID.Source == MachineID && c.HardwareID.Value == etcID }) {
			t.Errorf("%q: All hides the good one", useless)
		}
	}
}

// F108
func TestWhatIsShownIsReadOnceASource(t *testing.T) {
	root := files(dbusFile, dbusID)
	asked, answer := 0, dbusID
	c := onLinux(root, library{func() (string, error) { asked++; return answer, nil }, nil})
	first, err := c.Cached(MachineID, "")
	if err != nil || first.Value != dbusID {
		t.Fatal(first, err)
	}
	once := asked
	for range 5 {
		if again, err := c.Cached(MachineID, ""); err != nil || again.Value != dbusID || asked != once {
			t.Fatalf("%v, %v after %d readings", again, err, asked)
		}
	}
	answer = etcID
	if fresh, err := c.HardwareID(MachineID, ""); err != nil || fresh.Value != etcID || asked != once+2 {
		t.Errorf("%v, %v after %d readings", fresh, err, asked)
	}
	c.Forget()
	if fresh, _ := c.Cached(MachineID, ""); fresh.Value != etcID {
		t.Errorf("%v was not read again", fresh)
	}
}

// F110
func TestWhereAnIDWasReadIsDoubted(t *testing.T) {
	const over = "36 35 98:0 /mnt1 / rw,noatime master:1 - ext3 /dev/root rw\n40 36 0:21 /machine-id /etc/machine-id ro,nosuid - tmpfs tmpfs ro\n"
	const card = "/sys/class/net/eth0/address"
	for _, row := range []struct {
		name   string
		source Source
		on     []string
		want   []string
	}{
		{"a whole disk", LicenseSpring, []string{"/proc/self/mountinfo", "36 35 98:0 / / rw - ext3 /dev/root rw\n", "/proc/1/cgroup", "0::/init.scope\n", "/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n"}, nil},
		{"for this start only", LicenseSpring, []string{"/proc/self/mountinfo", over}, []string{"laid_over"}},
		{"for this start only, as it is", MachineID, []string{"/proc/self/mountinfo", over}, []string{"laid_over"}},
		{"for this start only, keyed", ProtectedID, []string{"/proc/self/mountinfo", over}, []string{"laid_over"}},
		{"another file", LicenseSpring, []string{"/proc/self/mountinfo", "40 36 0:21 / /etc/machine-id.d ro - tmpfs tmpfs ro\n"}, nil},
		{"a card has no file", MACDecimal, []string{"/proc/self/mountinfo", over}, nil},
		{"WSL 2", LicenseSpring, []string{"/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n"}, []string{"wsl"}},
		{"WSL 1", MachineID, []string{"/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n"}, []string{"wsl"}},
		{"Docker", MachineID, []string{"/.dockerenv", ""}, []string{"container"}},
		{"Podman", ProtectedID, []string{"/run/.containerenv", "engine=x"}, []string{"container"}},
		{"nspawn", LicenseSpring, []string{"/run/systemd/container", "systemd-nspawn"}, []string{"container"}},
		{"Kubernetes", MACDecimal, []string{"/proc/1/cgroup", "12:pids:/kubepods/besteffort/pod1\n"}, []string{"container"}},
	} {
		c := linux(append(row.on, etcFile, etcID, card, "00:1b:63:2f:4a:9c")...)
		if got := read(c, row.source); !slices.Equal(got.Doubts, row.want) || got.Fault != "" {
			t.Errorf("%s: %+v, want %v", row.name, got, row.want)
		}
	}
	linked := files(etcFile, etcID, "/proc/self/mountinfo", over)
	linked[dbusFile[1:]] = &fstest.MapFile{Data: []byte("/etc/machine-id"), Mode: fs.ModeSymlink}
	d := disk{linked}
	if got := d.mountedOver(dbusFile); got != etcFile {
		t.Errorf("a link: %q", got)
	}
}
