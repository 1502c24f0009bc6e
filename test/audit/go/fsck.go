package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"k8s.io/klog/v2"
)

// fsckLog has tessera check a log, with nothing of its own between.
func fsckLog(args []string) (string, error) {
	quiet := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(quiet)
	if err := quiet.Parse([]string{"-stderrthreshold=FATAL", "-logtostderr=false"}); err != nil {
		return "", err
	}
	v, err := verifier(args[2])
	if err != nil {
		return "", err
	}
	check := fsck.New(args[1], v, client.FileFetcher{Root: args[0]}, leafHashes, fsck.Opts{N: 2})
	if err := check.Check(context.Background()); err != nil {
		return "", found("LOG_CONTRADICTS", "%.300s", err.Error())
	}
	status := check.Status()
	return fmt.Sprintf("OK %d resources\n", status.ResourcesFetched), nil
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, len(b.Entries))
	for i, entry := range b.Entries {
		hashes[i] = rfc6962.DefaultHasher.HashLeaf(entry)
	}
	return hashes, nil
}
