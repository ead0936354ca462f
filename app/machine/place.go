package machine

import (
	"io/fs"
	"slices"
	"strings"

	"handback/app/words"
)

// placed adds doubts about where a candidate was read: a file that exists only until the
// next start, or a system that runs inside another one.
func (d disk) placed(read reader) reader {
	return func(applicationID string) []Candidate {
		candidates := read(applicationID)
		inside := d.inside()
		for i := range candidates {
			c := &candidates[i]
			if c.failed() {
				continue
			}
			c.HardwareID.Doubts = slices.Clone(c.HardwareID.Doubts)
			if path := d.mountedOver(c.HardwareID.Origin); path != "" {
				c.doubt("machine.doubt.laid_over", "path", path)
			}
			c.HardwareID.Doubts = append(c.HardwareID.Doubts, inside...)
		}
		return candidates
	}
}

func (c *Candidate) doubt(key string, pairs ...any) {
	c.HardwareID.Doubts = append(c.HardwareID.Doubts, words.Say(key, pairs...))
}

// mountedOver returns the file of an ID if it is a mount of its own, otherwise "".
// systemd mounts one over /etc/machine-id for one start if it cannot write to it,
// machine-id(5). The D-Bus file is often a link to that one.
func (d disk) mountedOver(origin string) string {
	if !slices.Contains([]string{etcFile, dbusFile, vendorFile}, origin) {
		return ""
	}
	read := origin
	if target, err := fs.ReadLink(d.root, strings.TrimPrefix(origin, "/")); err == nil && strings.HasSuffix(target, etcFile) {
		read = etcFile
	}
	for mount := range strings.Lines(d.text("/proc/self/mountinfo")) {
		if fields := strings.Fields(mount); len(fields) > 4 && fields[4] == read { // proc_pid_mountinfo(5)
			return read
		}
	}
	return ""
}

// inside returns a doubt about the ID of a system that runs inside another one.
func (d disk) inside() []Doubt {
	kernel := strings.ToLower(d.text("/proc/sys/kernel/osrelease"))
	if strings.Contains(kernel, "microsoft") || strings.Contains(kernel, "wsl") {
		return []Doubt{words.Say("machine.doubt.wsl")}
	}
	groups := d.text("/proc/1/cgroup")
	for _, sign := range []string{"docker", "kubepods", "containerd", "libpod", "lxc"} {
		if strings.Contains(groups, sign) {
			return []Doubt{words.Say("machine.doubt.container", "sign", "/proc/1/cgroup")}
		}
	}
	for _, sign := range []string{"/.dockerenv", "/run/.containerenv", "/run/systemd/container"} {
		if _, err := fs.Stat(d.root, strings.TrimPrefix(sign, "/")); err == nil {
			return []Doubt{words.Say("machine.doubt.container", "sign", sign)}
		}
	}
	return nil
}

// maxSystemFile limits a file of /proc, in bytes: a list of mounts may be long.
const maxSystemFile = 4 << 20

// text returns the content of a file of the system, or "" if it cannot be read.
func (d disk) text(path string) string {
	text, _ := d.readUpTo(path, maxSystemFile)
	return text
}
