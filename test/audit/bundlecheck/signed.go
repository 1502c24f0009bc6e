package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// signed is what stands under a signature that holds.
type signed struct {
	// listed: hash by path; nil where no list is signed.
	listed map[string]string
	paths  []string
	log    *head
}

type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

func checkSignatures(f files, v note.Verifier, found verdict) signed {
	var s signed
	var origins []string
	if text, ok := opened(f, "MANIFEST", v); !ok {
		found.add("MANIFEST_INVALID", "MANIFEST")
	} else if origin, listed, paths, err := manifest(text); err != nil {
		found.add("MANIFEST_INVALID", "MANIFEST: %v", err)
	} else {
		s.listed, s.paths = listed, paths
		origins = append(origins, origin)
	}
	if text, ok := opened(f, "checkpoint", v); !ok {
		found.add("CHECKPOINT_INVALID", "checkpoint")
	} else if log, err := checkpoint(text); err != nil {
		found.add("CHECKPOINT_INVALID", "checkpoint: %v", err)
	} else {
		s.log = log
		origins = append(origins, log.origin)
	}
	if len(origins) == 2 && origins[0] != origins[1] {
		found.add("ORIGIN_DIFFERS", "checkpoint of %s", origins[1])
	}
	return s
}

func opened(f files, path string, v note.Verifier) (string, bool) {
	n, err := note.Open(f[path], note.VerifierList(v))
	if err != nil {
		return "", false
	}
	return n.Text, true
}

var (
	line = regexp.MustCompile(`^([0-9a-f]{64})  (.+)$`)
	part = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$`)
)

func manifest(text string) (string, map[string]string, []string, error) {
	lines := strings.Split(text, "\n")
	origin, ok := strings.CutPrefix(lines[0], "custody.bundle/1 ")
	if !ok || len(lines) < 2 || lines[len(lines)-1] != "" {
		return "", nil, nil, errors.New("not a list of files")
	}
	listed := map[string]string{}
	var paths []string
	for _, each := range lines[1 : len(lines)-1] {
		m := line.FindStringSubmatch(each)
		if m == nil || !isPath(m[2]) || m[2] == "MANIFEST" || m[2] == "session.key" {
			return "", nil, nil, errors.New("a line lists no file")
		}
		if len(paths) > 0 && m[2] <= paths[len(paths)-1] {
			return "", nil, nil, errors.New("not in order")
		}
		listed[m[2]], paths = m[1], append(paths, m[2])
	}
	return origin, listed, paths, nil
}

func isPath(path string) bool {
	parts := strings.Split(path, "/")
	return len(path) <= 500 && len(parts) <= 16 && !slices.ContainsFunc(parts, func(p string) bool { return !part.MatchString(p) })
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)

func checkpoint(text string) (*head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" || slices.Contains(lines[:len(lines)-1], "") {
		return nil, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, wrong := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || !decimal.MatchString(lines[1]) || size >= 1<<53 || wrong != nil || len(root) != tlog.HashSize {
		return nil, errors.New("not a size and a root")
	}
	return &head{lines[0], size, tlog.Hash(root)}, nil
}

// checkFiles answers the files that are as listed.
func checkFiles(f files, s signed, found verdict) files {
	sound := files{}
	for _, path := range s.paths {
		data, ok := f[path]
		hash := sha256.Sum256(data)
		switch {
		case !ok:
			found.add("FILE_MISSING", "%s", path)
		case hex.EncodeToString(hash[:]) != s.listed[path]:
			found.add("FILE_CHANGED", "%s", path)
		default:
			sound[path] = data
		}
	}
	for path := range f {
		if _, ok := s.listed[path]; s.listed != nil && !ok && path != "MANIFEST" && path != "session.key" {
			found.add("FILE_UNLISTED", "%s", path)
		}
	}
	return sound
}
