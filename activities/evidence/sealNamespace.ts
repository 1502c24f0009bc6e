import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { heldBy } from '../../audit/seal/held.ts';
import { type Held, read, type SignedLog } from '../../audit/seal/log.ts';
import { namespaceLeafBytes } from '../../audit/seal/namespaceLeaf.ts';
import { vouched } from '../../audit/seal/outside.ts';
import { entriesOf, filesFrom } from '../../audit/tlog/tiles/files.ts';
import { TILE_WIDTH, tilePath, widthIn } from '../../audit/tlog/tiles/paths.ts';
import { consistencyPaths, nodesIn } from '../../audit/tlog/tiles/nodes.ts';
import { rootOf } from '../../audit/tlog/tree/frontier.ts';
import { consistencyProof } from '../../audit/tlog/tree/proofs.ts';
import { equal, isConsistent } from '../../audit/tlog/tree/verify.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { addEntries } from '../../audit/seal/write.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import { refusalOf } from './refusalOf.ts';

type Input = Parameters<Activities['sealNamespace']>[0];

/**
 * Adds leaves to the log of a namespace. What an attempt before wrote of them is not written again: whatever the log
 * has after what is known must be the first of them.
 */
export async function sealNamespace(
  { evidence }: Pick<ActivityDeps, 'evidence'>,
  { taskQueue, known, leaves }: Input,
): ReturnType<Activities['sealNamespace']> {
  const log = await evidence.namespaceLog(taskQueue);
  let held = await heldBy(log);
  const entries = leaves.map(namespaceLeafBytes);
  const written = known ? await writtenSince(log, held, known, entries) : 0;
  if (written < entries.length) held = await addEntries(log, held, entries.slice(written));
  const added = { size: held.tree.size, root: bytesToHex(rootOf(held.tree, log.hasher)) };
  try {
    const outside = await evidence.outside();
    if (outside) await vouched(log, held, outside);
    return added;
  } catch (error) {
    return { ...added, failing: refusalOf(error) };
  }
}

/** How many of these entries stand in the log since it was as known. @throws CustodyError LOG_CONTRADICTS */
async function writtenSince(
  log: SignedLog,
  held: Held,
  known: NonNullable<Input['known']>,
  entries: readonly Uint8Array[],
): Promise<number> {
  const { size } = held.tree;
  const count = size - known.size;
  const contradicts = (): CustodyError =>
    new CustodyError(
      'LOG_CONTRADICTS',
      `The log ${log.origin} had ${known.size} leaves, and has ${size} others: somebody put it back or wrote to it.`,
    );
  if (count < 0 || count > entries.length) throw contradicts();
  if (!(await goesOn(log, held, known))) throw contradicts();
  for (let done = 0; done < count;) {
    const at = known.size + done;
    const index = Math.floor(at / TILE_WIDTH);
    const tile = { level: 'entries', index, width: widthIn(size, 'entries', index) } as const;
    const path = tilePath(tile);
    const found = entriesOf(tile, filesFrom([{ path, bytes: await read(log, held.files, path) }]));
    for (const entry of found.slice(at - index * TILE_WIDTH)) {
      if (!equal(entry, entries[done]!)) throw contradicts();
      done += 1;
    }
  }
  return count;
}

/** Does the log go on from what is known of it? */
async function goesOn(log: SignedLog, { files, tree }: Held, known: NonNullable<Input['known']>): Promise<boolean> {
  const { hasher } = log;
  const paths = consistencyPaths(known.size, tree.size);
  const tiles = await Promise.all(paths.map(async (path) => ({ path, bytes: await read(log, files, path) })));
  const proof = consistencyProof(known.size, tree.size, nodesIn(tree.size, filesFrom(tiles), hasher), hasher);
  const later = { size: tree.size, root: rootOf(tree, hasher) };
  return isConsistent({ size: known.size, root: hexToBytes(known.root) }, later, proof, hasher);
}
