package app

import "time"

// Version is this version's number, after semver.org.
const Version = "0.1.0"

// Released is when this version was released. A clock that stands before it
// is wrong.
var Released = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
