package drives

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func removable() []Drive { return mounted("/proc/self/mountinfo", "/sys/dev/block") }

// mounted reads the mounts in proc_pid_mountinfo(5), and from sysfs whether their devices
// are removable.
func mounted(mountinfo, devices string) []Drive {
	file, err := os.Open(mountinfo)
	if err != nil {
		return nil
	}
	defer file.Close()
	var all []Drive
	seen := map[string]bool{} // a drive may be mounted several times
	for lines := bufio.NewScanner(file); lines.Scan(); {
		m, ok := mountOf(lines.Text())
		if !ok || !m.writable || strings.HasPrefix(m.device, noDevice) || m.ofSystem() || seen[m.device] || !isRemovable(filepath.Join(devices, m.device)) {
			continue
		}
		seen[m.device] = true
		all = append(all, Drive{m.path, filepath.Base(m.path)})
	}
	return all
}

// noDevice is how the devices of file systems begin that are on none, such as tmpfs.
const noDevice = "0:"

type mount struct {
	device   string // major:minor
	path     string
	writable bool
}

// mountOf reads a line such as
// "77 28 8:17 / /media/me/STICK rw,nosuid - vfat /dev/sdb1 rw".
func mountOf(line string) (mount, bool) {
	fields := strings.Fields(line)
	if len(fields) < 6 {
		return mount{}, false
	}
	options := strings.Split(fields[5], ",")
	return mount{fields[2], unescaped(fields[4]), slices.Contains(options, "rw")}, true
}

// unescaped decodes the octal escapes of spaces and the like.
func unescaped(path string) string {
	parts := strings.Split(path, `\`)
	for i, part := range parts[1:] {
		if len(part) >= 3 {
			if c, err := strconv.ParseUint(part[:3], 8, 8); err == nil {
				parts[i+1] = string([]byte{byte(c)}) + part[3:]
				continue
			}
		}
		parts[i+1] = `\` + part
	}
	return strings.Join(parts, "")
}

// systemPlaces are mount points of the system itself, which may have been started from a
// stick or a card.
var systemPlaces = []string{"/boot", "/efi", "/usr", "/var", "/etc", "/home", "/root", "/nix", "/snap", "/run/live", "/cdrom"}

// ofSystem reports whether the mount belongs to the system.
func (m mount) ofSystem() bool {
	return m.path == "/" || slices.ContainsFunc(systemPlaces, func(place string) bool {
		return m.path == place || strings.HasPrefix(m.path, place+"/")
	})
}

// isRemovable reports whether a device can be unplugged: the kernel says so, of the
// device or of the one that it is a partition of; or it is on USB; or it is a memory
// card.
func isRemovable(device string) bool {
	path, err := filepath.EvalSymlinks(device)
	if err != nil {
		return false
	}
	for _, dir := range []string{path, filepath.Dir(path)} {
		if said, err := os.ReadFile(filepath.Join(dir, "removable")); err == nil && strings.TrimSpace(string(said)) == "1" {
			return true
		}
	}
	return strings.Contains(path, "/usb") || strings.Contains(path, "/mmc_host/")
}

func flush(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return unix.Syncfs(int(folder.Fd()))
}
