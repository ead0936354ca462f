// Package durable reads and writes files so that a crash, a power cut or another program
// cannot leave half of one.
//
// [Write] writes a file completely or not at all: to a temporary file in the same folder,
// which is synchronized, read back and compared, and then published under its name. It
// replaces nothing that was not meant to be replaced; [Check] tells in advance whether it
// would refuse. [Append] adds lines to a log. [Read] reads a regular file of limited
// size, and never waits for a pipe or a device.
//
// [CheckPrivate] and [CheckShared] tell whether other users of the computer could have
// changed a file. [Stop] and [Writing] are for a program that is about to end, and
// [Inject] makes calls on the file system fail in tests.
package durable
