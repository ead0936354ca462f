package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/fault"
)

// savePerson adds a person, or gives one another password and, if one is named, another
// role: also when nobody is left who can log in.
func (c *command) savePerson(ctx context.Context, name string) error {
	_, kept, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer kept.close()
	before, err := kept.desk.Person(ctx, desk.NormalName(name))
	if err != nil && !errors.Is(err, desk.ErrNone) {
		return err
	}
	p, err := desk.NewPerson(name, cmp.Or(desk.Role(c.role), before.Role, desk.Agent), "")
	if err != nil {
		return err
	}
	text, err := c.askPassword(p.Name)
	if err != nil {
		return err
	}
	if p.Password, err = password.Hash(text); err != nil {
		return err
	}
	if err := kept.desk.SavePerson(ctx, p); err != nil {
		if people, other := kept.desk.People(ctx); errors.Is(err, desk.ErrLastAdministrator) && other == nil && len(people) == 0 {
			return fault.New(fault.Usage, "desk.first_role")
		}
		return err
	}
	if err := kept.desk.EndSessions(ctx, p.Name); err != nil {
		return err
	}
	c.terminal().Say("desk.saved", "name", p.Name, "role", c.words.Text("desk.role."+string(p.Role)))
	return nil
}

// askPassword returns the first line of standard input, or, if that is a terminal, what was
// typed twice and not shown.
func (c *command) askPassword(name string) (string, error) {
	file, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return readLine(c.in)
	}
	first, err := c.typed(file, "desk.ask_password", name)
	if err != nil {
		return "", err
	}
	second, err := c.typed(file, "desk.ask_password_again", name)
	if err == nil && first != second {
		err = fault.New(fault.Usage, "desk.passwords_differ")
	}
	return first, err
}

// typed asks for a line that is not shown. Whoever interrupts it gets the terminal back as it
// was.
func (c *command) typed(file *os.File, key, name string) (string, error) {
	terminal := int(file.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	interrupted, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupted)
	defer close(done)
	go func() {
		select {
		case <-interrupted:
			_ = term.Restore(terminal, before)
			os.Exit(128 + int(syscall.SIGINT))
		case <-done:
		}
	}()
	fmt.Fprint(c.err, c.words.Text(key, "name", name), " ")
	text, err := term.ReadPassword(terminal)
	fmt.Fprintln(c.err)
	return string(text), err
}

// readLine returns the first line of an input, without its end.
func readLine(in io.Reader) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < 4096; {
		n, err := in.Read(one)
		if n == 1 && one[0] == '\n' || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		line = append(line, one[:n]...)
	}
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return string(line), nil
}
