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

// Profile returns the profile with a name or in a file; see [profile.Choose].
func Profile(home, named string) (profile.Profile, error) {
	return profile.Choose(ProfileFolders(home), named)
}

// Profiles returns all profiles, the practice profile last; see [profile.List].
func Profiles(home string) ([]profile.Profile, error) {
	all, err := profile.List(ProfileFolders(home))
	return append(all, profile.Practice()), err
}

// RemoveProfile removes an imported profile, and its secret from the system's keyring,
// unless another profile may use it: the brand's own, of which the imported one was a newer
// form, or one that cannot be read. Left is the error if the secret may still be there.
func RemoveProfile(home, name string) (p profile.Profile, left, err error) {
	p, err = profile.Remove(ProfileFolders(home), name)
	if err != nil {
		return p, nil, err
	}
	others, err := Profiles(home)
	if err != nil { // a profile that cannot be read may use the secret
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

// ProfileFolders returns the folders of profiles. The profiles for everybody on this
// computer are only used with the system's home folder, not with one that somebody has
// chosen, such as one on a stick.
func ProfileFolders(home string) profile.Folders {
	folders := profile.Folders{Own: filepath.Join(home, "profiles")}
	if sameFolder(home, systemHome()) {
		folders.Machine = machineProfiles(runtime.GOOS)
	}
	return folders
}

// sameFolder reports whether two paths lead to the same folder.
func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	other, wrong := os.Stat(b)
	if err == nil && wrong == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// machineProfiles returns the folder of the profiles for everybody on this computer. Only
// administrators can write there, which is why it is not in %ProgramData%.
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

// belongsTo reports whether a request has a profile's API key or client ID.
func belongsTo(p profile.Profile, r *request.Request) bool {
	if r.APIKey != "" {
		return r.APIKey == p.Authorization.APIKey
	}
	return r.ClientID == p.Authorization.ClientID
}
