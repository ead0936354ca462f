package journal

import "errors"

// Storing is a record that is being written; see [LockedRecord.Begin].
type Storing struct {
	written, stored    chan struct{} // closed
	writeErr, auditErr error

	record  Record // as the Store has it
	version int64  // its version there, 0 if it was not stored
}

// Written waits until the record is on the medium, and returns the error of
// [LockedRecord.Add] about it. The audit chain may not have its line yet: after a crash it
// is behind the record, which [Journal.Verify] takes for what it is.
func (s *Storing) Written() error {
	<-s.written
	return s.writeErr
}

// Audited waits until the line of the audit chain is on the medium too, and returns the
// error about that line alone.
func (s *Storing) Audited() error {
	<-s.stored
	return s.auditErr
}

// Stored waits for all, and returns the error of [LockedRecord.Add].
func (s *Storing) Stored() error { return errors.Join(s.Written(), s.Audited()) }
