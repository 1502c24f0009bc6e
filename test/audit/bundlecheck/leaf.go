package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// leaf is what of a sealed record is needed here.
type leaf struct {
	seq       int64
	session   string
	run       string
	kind      string
	sealed    string
	shown     object
	documents []string
}

const levels = 128

// isCanonical: is it the RFC 8785 form of a value, which has not levels upon levels?
func isCanonical(data []byte) bool {
	depth, text := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case !text && (c == '[' || c == '{'):
			depth++
		case !text && (c == ']' || c == '}'):
			depth--
		}
		if depth > levels {
			return false
		}
	}
	if !utf8.Valid(data) {
		return false
	}
	again, err := jcs.Transform(data)
	return err == nil && bytes.Equal(again, data)
}

var commitment = regexp.MustCompile(`^[0-9a-f]{64}$`)

// leafIn answers nil for an entry that is no leaf.
func leafIn(entry []byte) *leaf {
	var m map[string]json.RawMessage
	if !isCanonical(entry) || json.Unmarshal(entry, &m) != nil {
		return nil
	}
	keys := strings.Join(slices.Sorted(maps.Keys(m)), ",")
	if keys != "at,call,events,kind,layer,n,run,sealed,seq,session,shown,standing,v" || string(m["v"]) != "1" {
		return nil
	}
	var l leaf
	var ok [8]bool
	l.seq, ok[0] = whole(m["seq"])
	l.session, ok[1] = textIn(m["session"])
	l.run, ok[2] = textIn(m["run"])
	l.sealed, ok[3] = textIn(m["sealed"])
	for i, key := range []string{"at", "layer", "kind"} {
		_, ok[4+i] = textIn(m[key])
	}
	l.kind, _ = textIn(m["kind"])
	ok[7] = json.Unmarshal(m["shown"], &l.shown) == nil && l.shown != nil
	if slices.Contains(ok[:], false) || !commitment.MatchString(l.sealed) || !areEvents(m["events"]) || !areRest(m) {
		return nil
	}
	var documents map[string]json.RawMessage
	if json.Unmarshal(l.shown["documents"], &documents) == nil {
		for _, raw := range documents {
			if hash, is := textIn(raw); is {
				l.documents = append(l.documents, hash)
			}
		}
	}
	return &l
}

func areEvents(raw json.RawMessage) bool {
	var events []json.RawMessage
	return json.Unmarshal(raw, &events) == nil && len(events) > 0 && !slices.ContainsFunc(events, func(e json.RawMessage) bool {
		_, ok := whole(e)
		return !ok
	})
}

func areRest(m map[string]json.RawMessage) bool {
	_, isNumber := whole(m["n"])
	_, isText := textIn(m["call"])
	standing := string(m["standing"])
	return (isNumber || string(m["n"]) == "null") && (isText || string(m["call"]) == "null") &&
		(standing == "null" || standing == `"proven"` || standing == `"claimed"`)
}

func textIn(raw json.RawMessage) (string, bool) {
	var text string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	return text, true
}

// whole is a number from 0 to 2^53 - 1.
func whole(raw json.RawMessage) (int64, bool) {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return n, err == nil && n >= 0 && n < 1<<53
}

// escaped is a text as ECMAScript's encodeURIComponent has it.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.!~*'()", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
