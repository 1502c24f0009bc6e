import type { Client } from '@temporalio/client';
import { valuesNamed } from '../../client/temporal/values.ts';
import { ValueFolder } from '../../store/values.ts';

export interface Pruned {
  readonly deleted: number;
  /** Of what was deleted. */
  readonly bytes: number;
  /** Old ones that sessions have in their histories. */
  readonly named: number;
  /** Those that somebody put since then. */
  readonly young: number;
}

/**
 * Deletes the values of a payload store that nobody put for a time and that no session of this namespace has in its
 * history. A value whose session Temporal has no more is gone for `custody audit`; what was sealed has its own copy.
 *
 * @param options.older milliseconds
 * @param options.dryRun only says what it would delete
 * @throws CustodyError STORE_UNAVAILABLE, TEMPORAL_UNAVAILABLE; KEY_MISSING where a history cannot be read
 */
export async function prune(
  client: Client,
  dir: string,
  { older, dryRun }: { readonly older: number; readonly dryRun: boolean },
): Promise<Pruned> {
  const before = Date.now() - older;
  const values = new ValueFolder(dir);
  const old = new Map<string, number>();
  let young = 0;
  for await (const { sha256, bytes, usedAt } of values.list()) {
    if (usedAt < before) old.set(sha256, bytes);
    else young += 1;
  }
  const all = new Set(old.keys());
  const named = await values.closure(await valuesNamed(client, { but: undefined }, all), all);
  const gone = { deleted: 0, bytes: 0 };
  for (const [sha256, bytes] of old) {
    if (named.has(sha256)) continue;
    // Whoever puts it meanwhile keeps it.
    if (!dryRun && !(await values.remove(sha256, before))) continue;
    gone.deleted += 1;
    gone.bytes += bytes;
  }
  return { ...gone, named: named.size, young };
}
