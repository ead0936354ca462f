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

// mounted reads the mounts of proc_pid_mountinfo(5), and about each device what
// sysfs says of it.
func mounted(mountinfo, devices string) []Drive {
	file, err := os.Open(mountinfo)
	if err != nil {
		return nil
	}
	defer file.Close()
	var all []Drive
	seen := map[string]bool{} // one drive may be mounted in several places
	for lines := bufio.NewScanner(file); lines.Scan(); {
		m, ok := mountOf(lines.Text())
		if !ok || !m.writable || m.ours() || seen[m.device] || !taken(filepath.Join(devices, m.device)) {
			continue
		}
		seen[m.device] = true
		all = append(all, Drive{m.path, filepath.Base(m.path)})
	}
	return all
}

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

// unescaped turns the octal escapes of blanks and the like into what they stand
// for.
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

// system are the places in which the system itself lives, though it may have
// been started from a stick or a card.
var system = []string{"/boot", "/efi", "/usr", "/var", "/etc", "/home", "/root", "/nix", "/snap", "/run/live", "/cdrom"}

func (m mount) ours() bool {
	return m.path == "/" || slices.ContainsFunc(system, func(place string) bool {
		return m.path == place || strings.HasPrefix(m.path, place+"/")
	})
}

// taken tells whether a device can be taken away: the kernel says so, or it hangs
// on USB or is a memory card. Of a partition the whole device says so.
func taken(device string) bool {
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
