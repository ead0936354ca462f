package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"handback/app/brand"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// Profile finds the profile of a name or file; see profile.Choose.
func Profile(home, named string) (profile.Profile, error) {
	return profile.Choose(ProfileFolders(home), named)
}

// Profiles are all there are, the practice profile at their end; see profile.List.
func Profiles(home string) ([]profile.Profile, error) {
	all, err := profile.List(ProfileFolders(home))
	return append(all, profile.Practice()), err
}

// RemoveProfile takes an imported profile away, and its secret out of the system's
// keyring, unless another profile goes by it: the brand's own, of which it was a newer
// form, or one that cannot be read. Left is why the secret may still be there.
func RemoveProfile(home, name string) (p profile.Profile, left, err error) {
	p, err = profile.Remove(ProfileFolders(home), name)
	if err != nil {
		return p, nil, err
	}
	others, err := Profiles(home)
	if err != nil { // one that cannot be read may go by it
		return p, err, nil
	}
	if slices.ContainsFunc(others, func(other profile.Profile) bool {
		return other.Name == p.Name && other.Destination("") == p.Destination("")
	}) {
		return p, nil, nil
	}
	if left = ForgetSecret(p); errors.Is(left, secret.ErrNotStored) {
		left = nil
	}
	return p, left, nil
}

// ProfileFolders are where profiles lie. A home folder of somebody's choice, such as one
// on a stick, has all of it: the machine's profiles belong to the system's own place.
func ProfileFolders(home string) profile.Folders {
	folders := profile.Folders{Own: filepath.Join(home, "profiles")}
	if sameFolder(home, systemHome()) {
		folders.Machine = machineProfiles(runtime.GOOS)
	}
	return folders
}

// sameFolder tells it also where two paths are spelled differently.
func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	other, wrong := os.Stat(b)
	if err == nil && wrong == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// machineProfiles is the folder of the profiles that hold for everybody on this computer.
// None but an administrator can write there, which is why it is not %ProgramData%.
func machineProfiles(system string) string {
	command := brand.Current().Command
	switch system {
	case "windows":
		program, err := os.Executable()
		if err != nil {
			return ""
		}
		return filepath.Join(filepath.Dir(program), "profiles")
	case "darwin":
		return "/Library/Application Support/" + command + "/profiles"
	}
	return "/etc/" + command + "/profiles"
}

// own tells whether a request names a profile's API key or client ID.
func belongsTo(p profile.Profile, r *request.Request) bool {
	if r.APIKey != "" {
		return r.APIKey == p.Authorization.APIKey
	}
	return r.ClientID == p.Authorization.ClientID
}
