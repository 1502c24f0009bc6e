import type { EvidenceRecord } from '../read/record.ts';
import { checkpointText } from '../tlog/note/checkpoint.ts';
import { signed } from '../tlog/note/sign.ts';
import { rootOf } from '../tlog/tree/frontier.ts';
import { type Beside, batchOf, manifestOf } from './batch.ts';
import type { Held, Log } from './log.ts';
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
  const { store, origin, signer, hasher } = log;
  const batch = await batchOf(log, held, records, beside);
  // What no manifest lists may be left from a writer that died: it counts for nothing, and is replaced.
  for (const { path, bytes } of batch.files) await store.put(path, bytes, { kind: 'replaces' });
  const { tree } = batch.held;
  const text = checkpointText({ origin, size: tree.size, root: rootOf(tree, hasher) });
  const checkpoint = await signed(text, [signer]);
  await store.put(CHECKPOINT, checkpoint, { kind: 'replaces' });
  const manifest = manifestOf(log, batch.held, checkpoint);
  await store.put(MANIFEST, await signed(manifest, [signer]), { kind: 'replaces' });
  return batch.held;
}
