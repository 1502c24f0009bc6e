package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/gowebpki/jcs"
)

// object is a value whose members stand in RFC 8785 form; Go's own structs would take a member of another case.
type object map[string]json.RawMessage

func objectIn(raw json.RawMessage) object {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return object{}
	}
	return o
}

func (o object) text(name string) string {
	text, _ := textIn(o[name])
	return text
}

// roleFor says who may order what.
var roleFor = map[string]string{"erase": "operator", "hold": "auditor", "release": "auditor"}

// What every Ed25519 key begins with as SubjectPublicKeyInfo.
const prefix = "302a300506032b6570032100"

func checkOrders(s signed, leaves []*leaf, found verdict) {
	for seq, l := range leaves {
		if l == nil || l.kind != "evidence" {
			continue
		}
		if !isOrdered(s, l) {
			found.add("ORDER_INVALID", "%d", seq)
		} else if isErasure(l) {
			found.add("ERASED", "%d", seq)
		}
	}
}

func isErasure(l *leaf) bool {
	return l != nil && l.kind == "evidence" && l.shown.text("act") == "erase"
}

// isOrdered: did somebody who may do that sign it, for this session?
func isOrdered(s signed, l *leaf) bool {
	act := l.shown.text("act")
	order, proof := objectIn(l.shown["order"]), objectIn(l.shown["proof"])
	who, after := objectIn(l.shown["who"]), objectIn(l.shown["after"])
	var roles []string
	if json.Unmarshal(who["roles"], &roles) != nil || !slices.Contains(roles, roleFor[act]) || order.text("act") != act {
		return false
	}
	_, isKind := textIn(after["kind"])
	_, isInstant := textIn(after["at"])
	at, isTime := whole(proof["at"])
	spki, err := base64.StdEncoding.Strict().DecodeString(l.shown.text("publicKey"))
	if !isKind || !isInstant || !isTime || err != nil || len(spki) != 44 || hex.EncodeToString(spki[:12]) != prefix {
		return false
	}
	key := ed25519.PublicKey(spki[12:])
	id := hash(key)[:32]
	namespace, err := url.PathUnescape(strings.Split(s.log.origin, "/")[1])
	signature, wrong := hex.DecodeString(proof.text("signature"))
	isNamed := id == proof.text("key") && id == who.text("key")
	if err != nil || wrong != nil || len(signature) != ed25519.SignatureSize || !isNamed {
		return false
	}
	text, err := json.Marshal(map[string]any{
		"purpose": "custody/command/v1", "namespace": namespace, "session": l.session, "act": act, "key": id, "at": at,
		"commandId": order.text("commandId"), "actor": order.text("actor"), "digest": hash(l.shown["order"]),
	})
	fail(err)
	text, err = jcs.Transform(text)
	return err == nil && ed25519.Verify(key, text, signature)
}
