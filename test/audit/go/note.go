package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"os"

	formats "github.com/transparency-dev/formats/log"
	cosigned "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// opened is a note that one of the keys has signed.
func opened(signed []byte, verifiers ...note.Verifier) (*note.Note, error) {
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	var invalid *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &invalid):
		return nil, found("NOTE_SIGNATURE_INVALID", "%v", err)
	case errors.As(err, &unverified):
		return nil, found("NOTE_UNSIGNED", "%v", err)
	case err != nil:
		return nil, found("NOTE_MALFORMED", "%v", err)
	}
	return n, nil
}

func verifier(vkey string) (note.Verifier, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, found("NOTE_KEY_INVALID", "%v", err)
	}
	return v, nil
}

// checkpoint reads the signed checkpoint of a log.
func checkpoint(signed []byte, origin, vkey string) (tlog.Tree, error) {
	v, err := verifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	n, err := opened(signed, v)
	if err != nil {
		return tlog.Tree{}, err
	}
	var c formats.Checkpoint
	if _, err := c.Unmarshal([]byte(n.Text)); err != nil || c.Origin != origin || len(c.Hash) != tlog.HashSize || c.Size > math.MaxInt64 {
		return tlog.Tree{}, found("NOTE_MALFORMED", "checkpoint of %q: %v", c.Origin, err)
	}
	return tlog.Tree{N: int64(c.Size), Hash: tlog.Hash(c.Hash)}, nil
}

// checkNote opens a note, and prints who signed it, cosigners with their time.
func checkNote(args []string) (string, error) {
	signed, err := os.ReadFile(args[0])
	if err != nil {
		return "", err
	}
	v, err := verifier(args[1])
	if err != nil {
		return "", err
	}
	verifiers := []note.Verifier{v}
	if len(args) > 2 {
		c, err := cosigned.NewVerifierForCosignatureV1(args[2])
		if err != nil {
			return "", found("NOTE_KEY_INVALID", "%v", err)
		}
		verifiers = append(verifiers, c)
	}
	n, err := opened(signed, verifiers...)
	if err != nil {
		return "", err
	}
	said := "OK"
	for _, sig := range n.Sigs {
		said += fmt.Sprintf(" %s+%08x", sig.Name, sig.Hash)
		if raw, err := base64.StdEncoding.DecodeString(sig.Base64); err == nil && len(raw) == 4+8+64 {
			at, err := cosigned.CoSigV1Timestamp(sig)
			if err != nil {
				return "", err
			}
			said += fmt.Sprintf("@%d", at.Unix())
		}
	}
	return said + "\n", nil
}

// signNote signs a text, and prints the note.
func signNote(args []string) (string, error) {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return "", err
	}
	s, err := note.NewSigner(args[1])
	if err != nil {
		return "", err
	}
	signers := []note.Signer{s}
	if len(args) > 2 {
		c, err := cosigned.NewSignerForCosignatureV1(args[2])
		if err != nil {
			return "", err
		}
		signers = append(signers, c)
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	return string(signed), err
}

// checkProof verifies a proof file of an entry.
func checkProof(args []string) (string, error) {
	file, err := os.ReadFile(args[0])
	if err != nil {
		return "", err
	}
	entry, err := os.ReadFile(args[1])
	if err != nil {
		return "", err
	}
	var p proof.TLogProof
	if err := p.Unmarshal(file); err != nil {
		return "", found("LOG_MALFORMED", "%v", err)
	}
	head, err := checkpoint(p.Checkpoint, args[2], args[3])
	if err != nil {
		return "", err
	}
	hashes := make(tlog.RecordProof, len(p.Hashes))
	for i, hash := range p.Hashes {
		hashes[i] = hash
	}
	if p.Index > math.MaxInt64 || tlog.CheckRecord(hashes, head.N, head.Hash, int64(p.Index), tlog.RecordHash(entry)) != nil {
		return "", found("LOG_CONTRADICTS", "the entry is not at %d", p.Index)
	}
	return fmt.Sprintf("OK %d of %d\n", p.Index, head.N), nil
}

// unverified is what a checkpoint says, whoever signed it.
func unverified(signed []byte) (tlog.Tree, error) {
	var c formats.Checkpoint
	_, err := c.Unmarshal(signed)
	if err != nil || len(c.Hash) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %v", err)
	}
	return tlog.Tree{N: int64(c.Size), Hash: tlog.Hash(c.Hash)}, nil
}
