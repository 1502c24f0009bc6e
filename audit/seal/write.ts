import { bytesToHex } from '@noble/hashes/utils.js';
import type { EvidenceRecord } from '../read/record.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { checkpointText } from '../tlog/note/checkpoint.ts';
import { signed } from '../tlog/note/sign.ts';
import { rootOf } from '../tlog/tree/frontier.ts';
import { type Batch, type Beside, batchOf, grown } from './batch.ts';
import { type Held, type Log, MANIFEST_BYTES, type SignedLog } from './log.ts';
import { manifestText } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';

/**
 * Adds records to a log: first what is new, then the checkpoint that covers it, then the manifest. Whatever dies in
 * between, what the last manifest lists is whole. One writer at a time: one that comes late stops.
 *
 * @throws CustodyError BUNDLE_TORN where another has written meanwhile; LOG_CONTRADICTS where a checkpoint was signed
 *   that these records do not come to
 */
export async function addTo(
  log: Log,
  held: Held,
  records: readonly EvidenceRecord[],
  beside: Beside = {},
): Promise<Held> {
  return writeBatch(log, await batchOf(log, held, records, beside));
}

/** The same of entries as they are. */
export const addEntries = (log: SignedLog, held: Held, entries: readonly Uint8Array[]): Promise<Held> =>
  writeBatch(log, grown(log, held, entries));

async function writeBatch(log: SignedLog, { files, held }: Batch): Promise<Held> {
  const { origin, signer, hasher } = log;
  for (const { path, bytes } of files) await write(log, path, bytes);
  const { tree } = held;
  const text = checkpointText({ origin, size: tree.size, root: rootOf(tree, hasher) });
  return writeSigned(log, held, await signed(text, [signer]));
}

/** Writes a file of a log. What no manifest lists may be left from a writer that died: it counts for nothing. */
export function write({ store, retainUntil }: SignedLog, path: string, bytes: Uint8Array): Promise<void> {
  const until = retainUntil?.();
  return store.put(path, bytes, { kind: 'replaces', ...(until && { retainUntil: until }) });
}

/**
 * Writes a checkpoint, and the manifest that lists it with all else that a log holds.
 * @throws CustodyError BUNDLE_TORN where the manifest is not the one that said what it held
 */
export async function writeSigned(log: SignedLog, held: Held, checkpoint: Uint8Array): Promise<Held> {
  const { store, origin, signer, sha256 } = log;
  const hash = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
  const files = new Map([...held.files, [CHECKPOINT, hash(checkpoint)]]);
  const manifest = await signed(manifestText(origin, files), [signer]);
  const before = await store.get(MANIFEST, MANIFEST_BYTES);
  if ((before ? hash(before) : '') !== held.manifest)
    throw new CustodyError('BUNDLE_TORN', `Another worker has written to ${origin} meanwhile; this one stops.`);
  await write(log, CHECKPOINT, checkpoint);
  await write(log, MANIFEST, manifest);
  return { ...held, files, manifest: hash(manifest) };
}
