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
  const { origin, signer, hasher } = log;
  const write = (path: string, bytes: Uint8Array): Promise<void> => {
    const retainUntil = log.retainUntil?.();
    return log.store.put(path, bytes, { kind: 'replaces', ...(retainUntil && { retainUntil }) });
  };
  const batch = await batchOf(log, held, records, beside);
  // What no manifest lists may be left from a writer that died: it counts for nothing, and is replaced.
  for (const { path, bytes } of batch.files) await write(path, bytes);
  const { tree } = batch.held;
  const text = checkpointText({ origin, size: tree.size, root: rootOf(tree, hasher) });
  const checkpoint = await signed(text, [signer]);
  await write(CHECKPOINT, checkpoint);
  const manifest = manifestOf(log, batch.held, checkpoint);
  await write(MANIFEST, await signed(manifest, [signer]));
  return batch.held;
}
