import { bytesToHex } from '@noble/hashes/utils.js';
import type { EvidenceRecord } from '../read/record.ts';
import { checkpointText } from '../tlog/note/checkpoint.ts';
import { signed } from '../tlog/note/sign.ts';
import { rootOf } from '../tlog/tree/frontier.ts';
import { type Beside, batchOf } from './batch.ts';
import type { Held, Log } from './log.ts';
import { manifestText } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';

/**
 * Adds records to a log: first what is new, then the checkpoint that covers it, then the manifest. Whatever dies in
 * between, what the last manifest lists is whole. One writer at a time.
 */
export async function addTo(
  log: Log,
  held: Held,
  records: readonly EvidenceRecord[],
  beside: Beside = {},
): Promise<Held> {
  const { origin, signer, hasher } = log;
  const batch = await batchOf(log, held, records, beside);
  for (const { path, bytes } of batch.files) await write(log, path, bytes);
  const { tree } = batch.held;
  const text = checkpointText({ origin, size: tree.size, root: rootOf(tree, hasher) });
  return writeSigned(log, batch.held, await signed(text, [signer]));
}

/** Writes a file of a log. What no manifest lists may be left from a writer that died: it counts for nothing. */
export function write({ store, retainUntil }: Log, path: string, bytes: Uint8Array): Promise<void> {
  const until = retainUntil?.();
  return store.put(path, bytes, { kind: 'replaces', ...(until && { retainUntil: until }) });
}

/** Writes a checkpoint, and the manifest that lists it with all else that a log holds. */
export async function writeSigned(log: Log, held: Held, checkpoint: Uint8Array): Promise<Held> {
  const files = new Map([...held.files, [CHECKPOINT, bytesToHex(log.sha256(checkpoint))]]);
  await write(log, CHECKPOINT, checkpoint);
  await write(log, MANIFEST, await signed(manifestText(log.origin, files), [log.signer]));
  return { ...held, files };
}
