package drives

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// computer makes the files of a computer with these devices, by their places below
// /sys/devices, and these mounts, in the format of Linux 6.1.
func computer(t *testing.T, devices map[string]string, removable []string, mounts string) (mountinfo, blocks string) {
	t.Helper()
	root := t.TempDir()
	blocks = filepath.Join(root, "sys/dev/block")
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(blocks, 0o755))
	for number, place := range devices {
		folder := filepath.Join(root, "sys/devices", place)
		must(os.MkdirAll(folder, 0o755))
		must(os.Symlink(folder, filepath.Join(blocks, number)))
	}
	for _, place := range removable {
		must(os.WriteFile(filepath.Join(root, "sys/devices", place, "removable"), []byte("1\n"), 0o644))
	}
	mountinfo = filepath.Join(root, "mountinfo")
	must(os.WriteFile(mountinfo, []byte(strings.TrimLeft(mounts, "\n")), 0o644))
	return mountinfo, blocks
}

func TestSticksAndCardsAreFoundAndNothingElse(t *testing.T) {
	const usb = "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/"
	mountinfo, blocks := computer(t, map[string]string{
		"259:2": "pci0000:00/0000:00:1d.0/nvme/nvme0/nvme0n1/nvme0n1p2",
		"259:1": "pci0000:00/0000:00:1d.0/nvme/nvme0/nvme0n1/nvme0n1p1",
		"8:17":  usb + "sdb/sdb1",
		"8:33":  usb + "sdc/sdc1",
		"179:1": "pci0000:00/0000:00:1c.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p1",
		"8:1":   "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1",
		"11:0":  "pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sr0",
		"7:3":   "virtual/block/loop3",
		"8:49":  "pci0000:00/0000:00:1f.2/ata5/host4/target4:0:0/4:0:0:0/block/sdd/sdd1",
	}, []string{
		"pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sr0",
		"pci0000:00/0000:00:1f.2/ata5/host4/target4:0:0/4:0:0:0/block/sdd",
	}, `
28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
29 28 259:1 / /boot/efi rw,relatime shared:2 - vfat /dev/nvme0n1p1 rw
30 28 0:25 / /run rw,nosuid - tmpfs tmpfs rw
31 28 7:3 / /snap/core22/858 ro,nodev shared:20 - squashfs /dev/loop3 ro
77 28 8:17 / /media/me/STICK rw,nosuid,nodev shared:40 - vfat /dev/sdb1 rw,uid=1000
78 28 8:17 /sub /mnt/again rw shared:40 - vfat /dev/sdb1 rw,uid=1000
79 30 8:33 / /run/media/me/My\040Stick\134x rw,nosuid shared:41 - ntfs3 /dev/sdc1 rw
80 28 179:1 / /media/me/CARD rw shared:42 - exfat /dev/mmcblk0p1 rw
81 28 11:0 / /media/me/DISC ro shared:43 - iso9660 /dev/sr0 ro
82 28 8:1 / /data rw shared:44 - ext4 /dev/sda1 rw
83 28 8:49 / /media/me/DOCK rw shared:45 - ext4 /dev/sdd1 rw
84 28 0:44 / /home/me/cloud rw - fuse.sshfs host: rw
a line of another kind
`)
	want := []Drive{
		{"/media/me/STICK", "STICK"}, {`/run/media/me/My Stick\x`, `My Stick\x`}, {"/media/me/CARD", "CARD"}, {"/media/me/DOCK", "DOCK"},
	}
	if diff := cmp.Diff(want, mounted(mountinfo, blocks)); diff != "" {
		t.Error(diff)
	}
}

func TestASystemThatWasStartedFromAStickIsNotOffered(t *testing.T) {
	mountinfo, blocks := computer(t, map[string]string{
		"8:1": "pci0000:00/usb1/block/sda/sda1", "8:2": "pci0000:00/usb1/block/sda/sda2", "8:3": "pci0000:00/usb1/block/sda/sda3",
	}, nil, `
28 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
29 28 8:2 / /boot rw - ext4 /dev/sda2 rw
30 28 8:3 / /home rw - ext4 /dev/sda3 rw
`)
	if got := mounted(mountinfo, blocks); got != nil {
		t.Errorf("%v", got)
	}
}

func TestWhereTheSystemDoesNotTellThereAreNone(t *testing.T) {
	if got := mounted(filepath.Join(t.TempDir(), "none"), "none"); got != nil {
		t.Errorf("%v", got)
	}
	Removable() // of this computer, whatever it has
}

func TestADriveThatIsThereIsFlushed(t *testing.T) {
	folder := t.TempDir()
	if err := Flush(folder); err != nil {
		t.Error(err)
	}
	if err := Flush(filepath.Join(folder, "gone")); err == nil {
		t.Error("a drive that is gone was flushed")
	}
}
