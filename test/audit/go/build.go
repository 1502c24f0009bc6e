package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"
)

// entriesIn reads a file that is one long bundle.
func entriesIn(path string) ([][]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return bundled(data)
}

// hashed makes the record hashes of entries, and the tree.
func hashed(entries [][]byte) (stored, error) {
	records := make([]tlog.Hash, len(entries))
	for i, entry := range entries {
		records[i] = tlog.RecordHash(entry)
	}
	return treeOf(records)
}

// buildLog writes the hash tiles of entries, and prints the root.
func buildLog(args []string) (string, error) {
	entries, err := entriesIn(args[0])
	if err != nil {
		return "", err
	}
	tree, err := hashed(entries)
	if err != nil {
		return "", err
	}
	for _, tile := range tlog.NewTiles(height, 0, int64(len(entries))) {
		data, err := tlog.ReadTileData(tile, tree)
		if err != nil {
			return "", err
		}
		path := filepath.Join(args[1], tilePath(tile))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return "", err
		}
	}
	root, err := tlog.TreeHash(int64(len(entries)), tree)
	return fmt.Sprintf("%x\n", root[:]), err
}

// proveEntry prints the proof file of an entry, made from the tiles of a log whose checkpoint it takes as it is.
func proveEntry(args []string) (string, error) {
	f := folder(args[0])
	index, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return "", err
	}
	signed, err := f.read("checkpoint")
	if err != nil {
		return "", err
	}
	head, err := unverified(signed)
	if err != nil {
		return "", err
	}
	hashes, err := tlog.ProveRecord(head.N, index, tlog.TileHashReader(head, f))
	if err != nil {
		return "", err
	}
	p := proof.TLogProof{Index: uint64(index), Checkpoint: signed}
	for _, hash := range hashes {
		p.Hashes = append(p.Hashes, hash)
	}
	return string(p.Marshal()), nil
}

// timeLog prints the milliseconds in which the entries are hashed and all tiles are made, in memory, so many times.
func timeLog(args []string) (string, error) {
	entries, err := entriesIn(args[0])
	if err != nil {
		return "", err
	}
	times, err := strconv.Atoi(args[1])
	if err != nil {
		return "", err
	}
	start := time.Now()
	for range times {
		tree, err := hashed(entries)
		if err != nil {
			return "", err
		}
		for _, tile := range tlog.NewTiles(height, 0, int64(len(entries))) {
			if _, err := tlog.ReadTileData(tile, tree); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%.3f\n", float64(time.Since(start).Microseconds())/1000), nil
}
