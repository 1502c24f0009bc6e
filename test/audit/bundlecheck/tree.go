package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
	// Records of the largest log that is read.
	most = 1_000_000 * width
)

// stored is a tree in memory, with the hashes in the order of x/mod.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

// checkTree answers the leaves; none where the tiles do not give the root that was signed.
func checkTree(s signed, sound files, found verdict) []*leaf {
	if s.log == nil {
		return nil
	}
	if s.log.size > most {
		found.add("TOO_LARGE", "%d records", s.log.size)
		return nil
	}
	wanted, ok := tilesOf(s, found)
	if !ok {
		return nil
	}
	for _, path := range s.paths {
		if _, is := wanted[path]; strings.HasPrefix(path, "tile/") && !is {
			found.add("FILE_UNEXPECTED", "%s", path)
		}
	}
	entries, err := entriesOf(s.log, wanted, sound)
	if err != nil {
		found.add("TREE_INVALID", "%v", err)
		return nil
	}
	leaves := make([]*leaf, len(entries))
	for seq, entry := range entries {
		l := leafIn(entry)
		leaves[seq] = l
		if l == nil {
			found.add("LEAF_MALFORMED", "%d", seq)
		} else if l.seq != int64(seq) || escaped(l.session) != s.log.origin[strings.LastIndex(s.log.origin, "/")+1:] {
			found.add("LEAF_MISPLACED", "%d", seq)
		}
	}
	return leaves
}

// tilesOf names the tiles of a tree; false, and a finding, where one is not listed: sizes may be anything.
func tilesOf(s signed, found verdict) (map[string]tlog.Tile, bool) {
	wanted := map[string]tlog.Tile{}
	for level := -1; level < 8; level++ {
		nodes := s.log.size >> (height * max(level, 0))
		for index := int64(0); index*width < nodes; index++ {
			tile := tlog.Tile{H: height, L: level, N: index, W: int(min(width, nodes-index*width))}
			path := tilePath(tile)
			if _, ok := s.listed[path]; !ok {
				found.add("TREE_INVALID", "no %s", path)
				return nil, false
			}
			wanted[path] = tile
		}
	}
	return wanted, true
}

func tilePath(t tlog.Tile) string {
	return strings.Replace(strings.Replace(t.Path(), "tile/8/", "tile/", 1), "tile/data/", "tile/entries/", 1)
}

// entriesOf builds the tree of all entries, and holds its tiles and the root against it.
func entriesOf(log *head, wanted map[string]tlog.Tile, sound files) ([][]byte, error) {
	var entries [][]byte
	var tree stored
	for index := int64(0); index*width < log.size; index++ {
		tile := tlog.Tile{H: height, L: -1, N: index, W: int(min(width, log.size-index*width))}
		bundled, err := bundled(sound[tilePath(tile)])
		if err != nil || len(bundled) != tile.W {
			return nil, fmt.Errorf("%s has not its entries", tilePath(tile))
		}
		for _, entry := range bundled {
			hashes, err := tlog.StoredHashes(int64(len(entries)), entry, tree)
			if err != nil {
				return nil, err
			}
			entries, tree = append(entries, entry), append(tree, hashes...)
		}
	}
	for path, tile := range wanted {
		if tile.L < 0 {
			continue
		}
		if data, err := tlog.ReadTileData(tile, tree); err != nil || !bytes.Equal(data, sound[path]) {
			return nil, fmt.Errorf("%s is not made of its entries", path)
		}
	}
	root, err := tlog.TreeHash(log.size, tree)
	if err != nil || root != log.root {
		return nil, errors.New("the root is another")
	}
	return entries, nil
}

func bundled(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
			return nil, errors.New("cut off")
		}
		end := 2 + int(data[0])<<8 + int(data[1])
		entries, data = append(entries, data[2:end]), data[end:]
	}
	return entries, nil
}
