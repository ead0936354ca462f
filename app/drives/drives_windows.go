package drives

import (
	"golang.org/x/sys/windows"
)

func removable() []Drive {
	present, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	var all []Drive
	for letter := range 26 {
		if present>>letter&1 == 0 {
			continue
		}
		path := string(rune('A'+letter)) + `:\`
		root := windows.StringToUTF16Ptr(path)
		if windows.GetDriveType(root) != windows.DRIVE_REMOVABLE {
			continue
		}
		var label [windows.MAX_PATH + 1]uint16
		var flags uint32
		err := windows.GetVolumeInformation(root, &label[0], uint32(len(label)), nil, nil, &flags, nil, 0)
		if err != nil || flags&windows.FILE_READ_ONLY_VOLUME != 0 {
			continue // a card reader without a card, or a locked card
		}
		name := windows.UTF16ToString(label[:])
		if name == "" {
			name = path
		}
		all = append(all, Drive{path, name})
	}
	return all
}

// flush does nothing: by default ("quick removal") Windows does not cache writes to
// removable drives, and only administrators may flush a volume.
func flush(string) error { return nil }
