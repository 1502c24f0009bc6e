// logcheck judges logs, proofs and notes with libraries that are not Custody's: golang.org/x/mod (tlog, note),
// github.com/transparency-dev/formats and the fsck of github.com/transparency-dev/tessera.
//
// Each command prints one line: OK, or a code as Custody's own errors have it, and a sentence.
package main

import (
	"errors"
	"fmt"
	"os"
)

// finding is a verdict other than OK.
type finding struct {
	code string
	why  string
}

func (f *finding) Error() string { return f.code + " " + f.why }

func found(code, format string, args ...any) error {
	return &finding{code, fmt.Sprintf(format, args...)}
}

var commands = map[string]struct {
	args string
	run  func(args []string) (string, error)
}{
	"log":   {"FOLDER ORIGIN VKEY", checkLog},
	"fsck":  {"FOLDER ORIGIN VKEY", fsckLog},
	"proof": {"PROOF ENTRY ORIGIN VKEY", checkProof},
	"note":  {"NOTE VKEY [COSIGNER-VKEY]", checkNote},
	"sign":  {"TEXT SKEY [COSIGNER-SKEY]", signNote},
	"prove": {"FOLDER INDEX", proveEntry},
	"build": {"ENTRIES FOLDER", buildLog},
	"time":  {"ENTRIES TIMES", timeLog},
}

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	command, ok := commands[os.Args[1]]
	if !ok {
		usage()
	}
	said, err := command.run(os.Args[2:])
	var f *finding
	switch {
	case errors.As(err, &f):
		fmt.Println(f)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	default:
		fmt.Print(said)
	}
}

func usage() {
	for name, command := range commands {
		fmt.Fprintln(os.Stderr, "logcheck", name, command.args)
	}
	os.Exit(2)
}
