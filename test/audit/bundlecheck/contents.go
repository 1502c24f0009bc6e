package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// keys are made of the key of a session.
type keys struct {
	salts []byte
	files cipher.AEAD
}

func keysOf(f files, found verdict) *keys {
	text, ok := f["session.key"]
	if !ok {
		return nil
	}
	line, isLine := strings.CutSuffix(string(text), "\n")
	key, err := base64.StdEncoding.Strict().DecodeString(line)
	// Go passes over newlines in base64.
	if !isLine || err != nil || len(key) != 32 || strings.ContainsAny(line, "\r\n") {
		found.add("KEY_WRONG", "session.key")
		return nil
	}
	salts, err := hkdf.Key(sha256.New, key, nil, "custody/salt", 32)
	fail(err)
	file, err := hkdf.Key(sha256.New, key, nil, "custody/file", 32)
	fail(err)
	block, err := aes.NewCipher(file)
	fail(err)
	aead, err := cipher.NewGCM(block)
	fail(err)
	return &keys{salts, aead}
}

func (k *keys) open(path string, sealed []byte) ([]byte, bool) {
	if len(sealed) < k.files.NonceSize() {
		return nil, false
	}
	data, err := k.files.Open(nil, sealed[:k.files.NonceSize()], sealed[k.files.NonceSize():], []byte(path+"\x00"))
	return data, err == nil
}

func (k *keys) salt(seq int) []byte {
	mac := hmac.New(sha256.New, k.salts)
	mac.Write([]byte(strconv.Itoa(seq)))
	return mac.Sum(nil)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func checkContents(f files, s signed, sound files, leaves []*leaf, found verdict) {
	k := keysOf(f, found)
	if k != nil {
		checkOpenings(k, s, sound, leaves, found)
	} else if len(leaves) > 0 && !slices.ContainsFunc(leaves, isErasure) {
		found.add("WITHHELD", "%d records", len(leaves))
	}
	runs, documents := map[string]bool{}, map[string]bool{}
	for _, l := range leaves {
		if l != nil {
			runs["private/histories/"+l.run] = true
			for _, each := range l.documents {
				documents["documents/"+each+".json"] = true
			}
		}
	}
	for path := range runs {
		if data, ok := sound[path]; ok && k != nil {
			if _, ok := k.open(path, data); !ok {
				found.add("KEY_WRONG", "%s", path)
			}
		}
	}
	for path := range documents {
		if _, ok := s.listed[path]; !ok {
			found.add("DOCUMENT_INVALID", "no %s", path)
		}
	}
	for _, path := range s.paths {
		data, isSound := sound[path]
		switch {
		case strings.HasPrefix(path, "documents/"):
			isNamed := "documents/"+hash(data)+".json" == path && isCanonical(data)
			if !documents[path] || isSound && !isNamed {
				found.add("DOCUMENT_INVALID", "%s", path)
			}
		case strings.HasPrefix(path, "private/values/"):
			if k != nil && isSound {
				if value, ok := k.open(path, data); !ok || "private/values/"+hash(value) != path {
					found.add("VALUE_INVALID", "%s", path)
				}
			}
		case strings.HasPrefix(path, "private/histories/"):
			if !runs[path] {
				found.add("HISTORY_INVALID", "%s", path)
			}
		case path != "checkpoint" && path != "checkpoint.tsr" && !strings.HasPrefix(path, "tile/") &&
			!strings.HasPrefix(path, "private/openings/"):
			found.add("FILE_UNEXPECTED", "%s", path)
		}
	}
}

var openings = regexp.MustCompile(`^private/openings/(0|[1-9]\d{0,14})-([1-9]\d{0,2})$`)

func checkOpenings(k *keys, s signed, sound files, leaves []*leaf, found verdict) {
	done := map[int]bool{}
	for _, path := range s.paths {
		if !strings.HasPrefix(path, "private/openings/") {
			continue
		}
		m := openings.FindStringSubmatch(path)
		if m == nil || len(m[2]) == 3 && m[2] > "256" {
			found.add("FILE_UNEXPECTED", "%s", path)
			continue
		}
		data, ok := sound[path]
		if !ok {
			continue
		}
		first, _ := strconv.Atoi(m[1])
		count, _ := strconv.Atoi(m[2])
		text, ok := k.open(path, data)
		if !ok {
			found.add("KEY_WRONG", "%s", path)
			continue
		}
		list, ok := listIn(text)
		if !ok || len(list) != count {
			found.add("OPENING_INVALID", "%s", path)
			continue
		}
		for i, opening := range list {
			seq := first + i
			if seq >= len(leaves) || leaves[seq] == nil {
				continue
			}
			if k.opens(leaves[seq], seq, opening) {
				done[seq] = true
			} else {
				found.add("OPENING_INVALID", "%d", seq)
			}
		}
	}
	for seq, l := range leaves {
		if l != nil && !done[seq] {
			found.add("OPENING_INVALID", "%d", seq)
			return
		}
	}
}

func listIn(text []byte) ([]map[string]json.RawMessage, bool) {
	var list []map[string]json.RawMessage
	if !isCanonical(text) || len(text) == 0 || text[0] != '[' || json.Unmarshal(text, &list) != nil {
		return nil, false
	}
	for _, opening := range list {
		if _, ok := textIn(opening["salt"]); !ok || strings.Join(slices.Sorted(maps.Keys(opening)), ",") != "by,data,proof,salt" {
			return nil, false
		}
	}
	return list, true
}

// opens holds the commitment of a leaf against its opening, whose parts are in RFC 8785 form as they stand.
func (k *keys) opens(l *leaf, seq int, opening map[string]json.RawMessage) bool {
	salt := k.salt(seq)
	rest := `{"by":` + string(opening["by"]) + `,"data":` + string(opening["data"]) + `,"proof":` + string(opening["proof"]) + "}"
	given, _ := textIn(opening["salt"])
	return given == hex.EncodeToString(salt) && hash(append(salt, rest...)) == l.sealed
}
