package window

import (
	"bytes"
	"os"
)

// driverFailures are what Fyne 2.8.1 logs if it cannot make a window
// (internal/driver/glfw: initGLFW and initFailed).
var driverFailures = []string{"failed to initialise GLFW", "window creation error"}

// driverLog is the log's writer. It calls complain if the driver has failed.
type driverLog struct{ complain func() }

func (d *driverLog) Write(line []byte) (int, error) {
	for _, failure := range driverFailures {
		if bytes.Contains(line, []byte(failure)) {
			d.complain()
		}
	}
	return os.Stderr.Write(line)
}
