// bundlecheck verifies bundles of evidence with nothing of Custody's: Go's own cryptography, golang.org/x/mod (note,
// tlog) and github.com/gowebpki/jcs (RFC 8785). What only Custody can tell, it does not check: whether raw histories
// give the records that were sealed, and whether what a leaf shows is what its record held.
//
//	bundlecheck FOLDER VKEY          one bundle; a line for each thing that is wrong; exit code 1 if there is one
//	bundlecheck -stream VKEY FOLDER… changes of these bundles on stdin, a line of JSON each; answers a line for each
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// files of a bundle by path.
type files map[string][]byte

// verdict is what is wrong with a bundle: codes as `custody verify` has them, each with the places where.
type verdict map[string][]string

func (v verdict) add(code, format string, args ...any) {
	v[code] = append(v[code], fmt.Sprintf(format, args...))
}

// notes say that something is not shown, not that it is wrong.
var notes = map[string]bool{"WITHHELD": true, "ERASED": true}

func (v verdict) sound() bool {
	for code := range v {
		if !notes[code] {
			return false
		}
	}
	return true
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "bundlecheck FOLDER VKEY | bundlecheck -stream VKEY FOLDER…")
		os.Exit(2)
	}
	if os.Args[1] == "-stream" {
		stream(key(os.Args[2]), os.Args[3:])
		return
	}
	v := check(read(os.Args[1]), key(os.Args[2]))
	for _, code := range slices.Sorted(maps.Keys(v)) {
		for _, place := range v[code] {
			fmt.Printf("%s %q\n", code, place)
		}
	}
	if !v.sound() {
		fmt.Println("NOT SOUND")
		os.Exit(1)
	}
	fmt.Println("SOUND")
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func key(vkey string) note.Verifier {
	v, err := note.NewVerifier(vkey)
	fail(err)
	return v
}

// read takes all plain files of a folder.
func read(root string) files {
	f := files{}
	fail(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		f[filepath.ToSlash(name)] = data
		return err
	}))
	return f
}

// change of one of the bundles: files that are other or new, in base64, and files that are gone, as null.
type change struct {
	Bundle int                `json:"bundle"`
	Files  map[string]*string `json:"files"`
}

type answer struct {
	Sound bool     `json:"sound"`
	Codes []string `json:"codes"`
}

func stream(v note.Verifier, folders []string) {
	var bundles []files
	for _, folder := range folders {
		bundles = append(bundles, read(folder))
	}
	lines := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) == "" && err != nil {
			return
		}
		var c change
		fail(json.Unmarshal([]byte(line), &c))
		f := maps.Clone(bundles[c.Bundle])
		for path, data := range c.Files {
			delete(f, path)
			if data != nil {
				bytes, err := base64.StdEncoding.DecodeString(*data)
				fail(err)
				f[path] = bytes
			}
		}
		found := check(f, v)
		said, err := json.Marshal(answer{found.sound(), append([]string{}, slices.Sorted(maps.Keys(found))...)})
		fail(err)
		fmt.Fprintf(out, "%s\n", said)
		fail(out.Flush())
	}
}

// check verifies a bundle.
func check(f files, v note.Verifier) verdict {
	found := verdict{}
	s := checkSignatures(f, v, found)
	sound := checkFiles(f, s, found)
	leaves := checkTree(s, sound, found)
	checkOrders(s, leaves, found)
	checkContents(f, s, sound, leaves, found)
	return found
}
