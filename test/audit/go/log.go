package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
	// Of larger logs, inclusion is proven for every entry of each 97.
	provenInFull = 1000
)

// folder reads the tiles of a log, as x/mod asks for them: its paths have the height of tiles, those of C2SP do not.
type folder string

func (f folder) Height() int                         { return height }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f folder) ReadTiles(t []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(t))
	for i, tile := range t {
		data, err := f.read(tilePath(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, found("LOG_MALFORMED", "%s has %d bytes", tilePath(tile), len(data))
		}
		all[i] = data
	}
	return all, nil
}

func (f folder) read(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(f), path))
	if errors.Is(err, os.ErrNotExist) {
		return nil, found("LOG_INCOMPLETE", "no %s", path)
	}
	return data, err
}

func tilePath(t tlog.Tile) string {
	return strings.Replace(strings.Replace(t.Path(), "tile/8/", "tile/", 1), "tile/data/", "tile/entries/", 1)
}

// stored is a tree in memory, with the hashes in the order of x/mod.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

// treeOf builds the tree of the record hashes.
func treeOf(records []tlog.Hash) (stored, error) {
	var tree stored
	for i, record := range records {
		hashes, err := tlog.StoredHashesForRecordHash(int64(i), record, tree)
		if err != nil {
			return nil, err
		}
		tree = append(tree, hashes...)
	}
	return tree, nil
}

// entriesOf reads all entries of a log of a size, bundle after bundle.
func entriesOf(f folder, size int64) ([][]byte, error) {
	var entries [][]byte
	for _, tile := range tlog.NewTiles(height, 0, size) {
		if tile.L != 0 {
			continue
		}
		tile.L = -1
		data, err := f.read(tilePath(tile))
		if err != nil {
			return nil, err
		}
		bundled, err := bundled(data)
		if err != nil || len(bundled) != tile.W {
			return nil, found("LOG_MALFORMED", "%s has %d entries: %v", tilePath(tile), len(bundled), err)
		}
		entries = append(entries, bundled...)
	}
	return entries, nil
}

// bundled reads the entries of a bundle.
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

// checkLog reads a whole log: its checkpoint, all entries and all tiles, and proves entries from its tiles.
func checkLog(args []string) (string, error) {
	f, origin, vkey := folder(args[0]), args[1], args[2]
	signed, err := f.read("checkpoint")
	if err != nil {
		return "", err
	}
	head, err := checkpoint(signed, origin, vkey)
	if err != nil {
		return "", err
	}
	entries, err := entriesOf(f, head.N)
	if err != nil {
		return "", err
	}
	records := make([]tlog.Hash, len(entries))
	for i, entry := range entries {
		records[i] = tlog.RecordHash(entry)
	}
	tree, err := treeOf(records)
	if err != nil {
		return "", err
	}
	for _, tile := range tlog.NewTiles(height, 0, head.N) {
		want, err := tlog.ReadTileData(tile, tree)
		if err != nil {
			return "", err
		}
		got, err := f.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return "", err
		}
		if !bytes.Equal(got[0], want) {
			return "", found("LOG_CONTRADICTS", "%s is not made of its entries", tilePath(tile))
		}
	}
	if err := prove(f, head, records); err != nil {
		return "", err
	}
	return fmt.Sprintf("OK %d entries\n", head.N), nil
}

// prove has entries proven by what x/mod reads from the tiles.
func prove(f folder, head tlog.Tree, records []tlog.Hash) error {
	if head.N == 0 {
		return nil
	}
	tiles := tlog.TileHashReader(head, f)
	step := int64(1)
	if head.N > provenInFull {
		step = 97
	}
	for i := int64(0); i < head.N; i += step {
		proof, err := tlog.ProveRecord(head.N, i, tiles)
		if err != nil {
			return found("LOG_CONTRADICTS", "%v", err)
		}
		if err := tlog.CheckRecord(proof, head.N, head.Hash, i, records[i]); err != nil {
			return found("LOG_CONTRADICTS", "entry %d: %v", i, err)
		}
	}
	return nil
}
