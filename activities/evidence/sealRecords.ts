import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { historyPath, MANIFEST } from '../../audit/seal/paths.ts';
import { RawHistory } from '../../audit/read/raw.ts';
import { RecordReader } from '../../audit/read/reader.ts';
import type { ReadRun } from '../../audit/read/runs.ts';
import type { EvidenceRecord } from '../../audit/read/record.ts';
import type { Beside } from '../../audit/seal/batch.ts';
import { checkKey } from '../../audit/seal/checkKey.ts';
import { heldBy } from '../../audit/seal/held.ts';
import { isErasure, isLast } from '../../audit/seal/leaf.ts';
import type { Held, Log } from '../../audit/seal/log.ts';
import { vouched } from '../../audit/seal/outside.ts';
import { refsIn } from '../../audit/seal/refs.ts';
import { addTo } from '../../audit/seal/write.ts';
import { rootOf } from '../../audit/tlog/tree/frontier.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { canonical } from '../../protocol/values/digest.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Activities } from '../types.ts';
import type { Reading } from './deps.ts';
import { resumed } from './orders/record.ts';

type Input = Omit<Parameters<Activities['sealRecords']>[0], 'listed'>;
type Deps = Pick<ActivityDeps, 'evidence' | 'payloads'>;

/** Records that are added in one step: what a step has in memory. */
const STEP = 256;

/** How far a session is sealed now. */
type Added = Pick<Sealed, 'size' | 'root' | 'isWhole'>;

/** Adds to the log of a session what happened since its last leaf. */
export async function sealRecords(deps: Deps, { session, known }: Input): Promise<Added> {
  const { evidence } = deps;
  const standing = await evidence.standing(session);
  if (standing === 'gone' && known.size === 0 && !(await (await evidence.kept(session)).store.has(MANIFEST)))
    return { size: 0, root: '', isWhole: true };
  const log = await evidence.log(session);
  const root = (tree: Held['tree']): string => bytesToHex(rootOf(tree, log.hasher));
  let held = await heldBy(log);
  const { size } = held.tree;
  const before = root(held.tree);
  if (size > 0 && size === known.size && before !== known.root) throw contradicts(session, known.size, size);
  const isOwn = evidence.readings.get(held.last?.run ?? '')?.root === before;
  // An older list of files may have been put back: what was told to be sealed must come again.
  if (known.size > (held.ahead?.size ?? size))
    held = { ...held, ahead: { size: known.size, root: hexToBytes(known.root) } };
  let isWhole = false;
  // Nobody else goes on with what this one has begun to read; and whoever fails leaves nothing to go on with.
  const readings = new Map<string, Reading>();
  const take = (run: string): number => {
    const reading = evidence.readings.get(run);
    evidence.readings.delete(run);
    if (reading?.root !== before) return 0;
    readings.set(run, reading);
    return reading.last;
  };
  for await (const run of standing === 'gone' || isErasure(held.last)
    ? []
    : evidence.runs(session, held.last?.run, take)) {
    const begun = readings.get(run.run);
    const { reader, last } = begun ?? { reader: new RecordReader(session, run.run), last: 0 };
    const raw = (begun ? begun.raw : new RawHistory())?.with(run.events);
    held = await sealRun(deps, { log, held, reader, raw, run, isOwn });
    isWhole = run.isOver;
    if (isClosed(run)) continue;
    const read = Number(run.events.at(-1)?.eventId ?? last);
    evidence.readings.set(run.run, { reader, last: read, root: root(held.tree), ...(raw && { raw }) });
  }
  if (held.ahead) held = await resumed(log, await evidence.kept(session), held);
  if (held.ahead) throw contradicts(session, held.ahead.size, held.tree.size);
  // To a session that was erased, and to one that Temporal has no more, nothing can be added.
  if (standing === 'gone' && !isLast(held.last)) throw gone(session);
  if (standing === 'open' && isErasure(held.last))
    throw new CustodyError('EVIDENCE_ERASED', `'${session}' goes on since.`);
  const outside = await evidence.outside();
  if (outside) await vouched(log, held, outside);
  return {
    size: held.tree.size,
    root: root(held.tree),
    isWhole: isWhole || (standing !== 'open' && isLast(held.last)),
  };
}

const contradicts = (session: string, before: number, now: number): CustodyError =>
  new CustodyError(
    'LOG_CONTRADICTS',
    `The log of ${session} had ${before} records, and has ${now} others: somebody put it back.`,
  );

const gone = (session: string): CustodyError =>
  new CustodyError(
    'HISTORY_GONE',
    `Temporal has the session '${session}' no more, and the last record that was sealed is not its end.`,
  );

interface Sealing {
  readonly log: Log;
  readonly held: Held;
  readonly reader: RecordReader;
  readonly raw: RawHistory | undefined;
  readonly run: ReadRun;
  /** This worker sealed what was sealed last. */
  readonly isOwn: boolean;
}

async function sealRun(deps: Deps, { log, held: before, reader, raw, run, isOwn }: Sealing): Promise<Held> {
  let held = before;
  const from = before.last?.run === run.run ? (before.last.events.at(-1) ?? 0) + 1 : run.point;
  const records = run.events.flatMap((event) => {
    const given = reader.read(event);
    return Number(event.eventId) >= from ? given : [];
  });
  const isRawWanted = isClosed(run) && !held.files.has(historyPath(run.run));
  const histories = new Map(isRawWanted ? [[run.run, raw?.whole() ?? (await run.raw())]] : []);
  const steps = Math.max(Math.ceil(records.length / STEP), histories.size);
  if (steps > 0 && !isOwn) await checkKey(log, before);
  for (let step = 0; step < steps; step += 1) {
    const some = records.slice(step * STEP, (step + 1) * STEP);
    const values = await valuesOf(deps, some);
    held = await addTo(log, held, some, { values, ...(step === steps - 1 && { histories }) });
  }
  return held;
}

/** Values that records have by reference. One that the store has no more is absent from the evidence as well. */
async function valuesOf(
  { payloads }: Deps,
  records: readonly EvidenceRecord[],
): Promise<NonNullable<Beside['values']>> {
  const refs = new Map(records.flatMap(({ data }) => refsIn(data)).map((ref) => [ref.sha256, ref]));
  const values = new Map<string, Uint8Array>();
  for (const [hash, ref] of refs) {
    const value = await payloads.get(ref).catch(() => undefined);
    if (value !== undefined) values.set(hash, new TextEncoder().encode(canonical(value)));
  }
  return values;
}

const isClosed = ({ isOver, next }: ReadRun): boolean => isOver || next !== undefined;
