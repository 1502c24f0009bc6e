import { existsSync } from 'node:fs';
import { RecordReader } from '../../audit/read/reader.ts';
import type { EvidenceRecord } from '../../audit/read/record.ts';
import type { Values } from '../../audit/read/values.ts';
import { resetIn } from '../../audit/read/reset.ts';
import { recordsOf } from '../../client/session/watch.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { payloadsOf } from '../policy/payloads.ts';
import type { Globals } from '../program.ts';
import { runsInFiles } from './given.ts';
import { isFolder, sealedIn, sealedValues } from './sealed.ts';
import { withCustody } from '../withCustody.ts';

interface Wanted {
  readonly layer?: string | undefined;
  readonly since?: string | undefined;
  readonly call?: string | undefined;
}

/** @throws CustodyError USAGE */
export function isWanted({ layer, since, call }: Wanted): (record: EvidenceRecord) => boolean {
  const from = since === undefined ? -Infinity : Date.parse(since);
  if (Number.isNaN(from))
    throw new CustodyError('USAGE', `'${since}' is no instant; write it as 2026-11-27T14:00:00Z.`);
  return (record) =>
    (layer === undefined || record.layer === layer) &&
    (call === undefined || record.call === call) &&
    Date.parse(record.at) >= from;
}

/** How they are read. */
interface Reading {
  readonly follow?: boolean | undefined;
  /** Keys that a bundle is verified with. */
  readonly trust?: readonly string[] | undefined;
}

/** Takes a record, and where the values are that it refers to. */
type Each = (record: EvidenceRecord, values: Values) => void | Promise<void>;

/**
 * The records of a session, of a bundle in a folder, or of the histories in files. What is none of them, and stands
 * alone, is a session.
 *
 * @throws CustodyError USAGE, BUNDLE_MALFORMED, EVIDENCE_ERASED
 */
export async function givenRecords(
  globals: Globals,
  targets: readonly string[],
  { follow = false, trust }: Reading,
  each: Each,
): Promise<void> {
  const [id = ''] = targets;
  if (targets.length === 1 && isFolder(id)) {
    const { records } = await sealedIn(id, trust);
    const values = await sealedValues(id);
    for (const record of records) if (record) await each(record, values);
    return;
  }
  if (targets.length === 1 && !existsSync(id))
    return withCustody(globals, async (custody) => {
      for await (const { records } of recordsOf(custody.temporal, id, { follow }))
        for (const record of records) await each(record, custody.payloads);
    });
  const values = payloadsOf(globals);
  for (const { runId, events } of await runsInFiles(targets)) {
    const { workflowId } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
    const point = resetIn(events)?.point ?? 0;
    const reader = new RecordReader(workflowId ?? '', runId);
    for (const event of events) {
      const records = reader.read(event);
      if (Number(event.eventId) >= point) for (const record of records) await each(record, values);
    }
  }
}
