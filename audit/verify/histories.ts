import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { Leaf } from '../seal/leaf.ts';
import { HISTORIES, historyPath } from '../seal/paths.ts';
import { type Context, whyOf } from './context.ts';
import type { Files } from './files.ts';
import { isShallow } from './json.ts';
import type { Opened } from './openings.ts';

/** Do the raw histories give the records that were sealed? Answers how many they give. */
export async function checkHistories(
  context: Context,
  files: Files,
  leaves: readonly (Leaf | undefined)[],
  opened: Opened,
): Promise<number> {
  const { findings, trust } = context;
  const runs = new Map<string, Leaf[]>();
  // What whoever seals wrote stands in no history.
  for (const leaf of leaves) if (leaf && leaf.kind !== 'evidence') runs.set(leaf.run, pushed(runs.get(leaf.run), leaf));
  for (const path of files.listed.keys())
    if (path.startsWith(HISTORIES) && !runs.has(path.slice(HISTORIES.length)))
      findings.add('HISTORY_INVALID', 'no record is of this run', { path });
  if (!opened.keys) return 0;
  let derived = 0;
  for (const [run, ofRun] of runs) {
    const path = historyPath(run);
    if (!files.listed.has(path)) findings.add('HISTORY_ABSENT', `of run ${run}`, { path });
    else if (!trust.recordsIn) findings.add('HISTORY_UNCHECKED', `of run ${run}`, { path });
    else derived += await checkRun(context, files, { run, leaves: ofRun, opened });
  }
  return derived;
}

interface Run {
  readonly run: string;
  readonly leaves: readonly Leaf[];
  readonly opened: Opened;
}

async function checkRun({ findings, trust }: Context, files: Files, { run, leaves, opened }: Run): Promise<number> {
  const path = historyPath(run);
  const sealed = await files.get(path);
  const bytes = sealed && (await opened.keys?.open(path, sealed));
  if (!sealed) return 0;
  if (!bytes) return (findings.add('KEY_WRONG', 'the key does not open it', { path }), 0);
  if (!isShallow(bytes)) return (findings.add('HISTORY_INVALID', 'it has levels upon levels', { path }), 0);
  try {
    const records = trust.recordsIn?.(leaves[0]?.session ?? '', run, bytes) ?? [];
    // A run that came from a reset begins with a copy of what was sealed before.
    const given = records.slice(records.length - leaves.length).map((record) => canonical(record as unknown as Json));
    const missing = leaves.find(
      ({ seq }, at) => canonical((opened.records[seq] ?? null) as unknown as Json) !== given[at],
    );
    if (records.length >= leaves.length && !missing) return leaves.length;
    const place = { path, ...(missing ? { seq: missing.seq } : {}) };
    findings.add('HISTORY_INVALID', 'it does not give the records that were sealed', place);
  } catch (error) {
    findings.add('HISTORY_INVALID', whyOf(error), { path });
  }
  return 0;
}

function pushed<T>(list: T[] | undefined, item: T): T[] {
  if (!list) return [item];
  list.push(item);
  return list;
}
