import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { checkpointText, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { proofBytes, verifyProof } from '../../../audit/tlog/note/proofFile.ts';
import { signed, signerFrom } from '../../../audit/tlog/note/sign.ts';
import { append } from '../../../audit/tlog/tiles/append.ts';
import { checkLog } from '../../../audit/tlog/tiles/check.ts';
import { filesFrom } from '../../../audit/tlog/tiles/files.ts';
import { nodesIn } from '../../../audit/tlog/tiles/nodes.ts';
import { EMPTY_TREE, rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { HASHER } from '../../../audit/tlog/tree/hashing.ts';
import { inclusionProof } from '../../../audit/tlog/tree/proofs.ts';
import { entriesUpTo } from './place.ts';

const ORIGIN = 'custody/default/s-1';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('A4: what reads logs imports nothing of Node', () => {
  const files = readdirSync('audit/tlog', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const packages = files.flatMap((name) =>
    [...readFileSync(`audit/tlog/${name}`, 'utf8').matchAll(/ from '([^.'][^']*)'/g)].map(([, each]) => each),
  );
  expect(files.length).toBeGreaterThan(15);
  expect([...new Set(packages)].sort()).toEqual(['@noble/hashes/sha2.js', '@noble/hashes/utils.js']);
});

test('A4: a log is sealed, read and proven with nothing but what browsers have too', async () => {
  const without = Object.fromEntries(['Buffer', 'require', 'setImmediate'].map((name) => [name, undefined]));
  for (const [name, value] of Object.entries(without)) vi.stubGlobal(name, value);
  const signer = await signerFrom(ORIGIN, new Uint8Array(32).fill(1));
  const trust = { origin: ORIGIN, keys: [signer.verifier] };
  const { tree, files } = append(EMPTY_TREE, () => undefined, entriesUpTo(300));
  const log = filesFrom(files);
  const checkpoint = await signed(checkpointText({ origin: ORIGIN, size: 300, root: rootOf(tree) }), [signer]);
  const hashes = inclusionProof(7, 300, nodesIn(300, log));
  const proof = proofBytes({ index: 7, hashes, checkpoint });
  expect(checkLog(300, log)).toEqual({ tree, faults: [] });
  expect((await verifyCheckpoint(checkpoint, trust)).checkpoint.root).toEqual(rootOf(tree));
  expect((await verifyProof(proof, HASHER.leaf(entriesUpTo(1, 7)[0]!), trust)).checkpoint.size).toBe(300);
});

test('A4: where there is no Ed25519, no signature passes for a bad one', async () => {
  const signer = await signerFrom(ORIGIN, new Uint8Array(32).fill(1));
  const trust = { origin: ORIGIN, keys: [signer.verifier] };
  const text = checkpointText({ origin: ORIGIN, size: 0, root: HASHER.empty });
  const checkpoint = await signed(text, [signer]);
  const unsupported = () => Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'));
  for (const subtle of [undefined, { importKey: unsupported }]) {
    vi.stubGlobal('crypto', { subtle });
    await expect(verifyCheckpoint(checkpoint, trust)).rejects.toMatchObject({ code: 'ED25519_UNAVAILABLE' });
    await expect(signerFrom(ORIGIN, new Uint8Array(32))).rejects.toMatchObject({ code: 'ED25519_UNAVAILABLE' });
  }
});
