import { randomUUID } from 'node:crypto';
import type { Custody } from '../client/custody.ts';
import { AGENT, openPlace, type Place } from './place.ts';
import { median, round } from './numbers.ts';

/** Calls at each end of the session whose median counts. */
const EDGE = 500;
/** Sessions kept in memory; more than the benchmark has. */
const CACHED = 10;

export interface LongSession {
  /** Median latency of the last calls over that of the first, of one caller. */
  readonly longSessionSlope: number;
  /** Median latency of the last calls over that of as many calls in a new session, made in turns with them. */
  readonly overFresh: number;
  readonly calls: number;
  readonly callers: number;
  readonly runs: number;
  /** Milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly freshMs: number;
  readonly lost: number;
  readonly doubled: number;
}

/**
 * Calls of an irreversible tool in one session, one after the other by each of its callers. At both ends the first
 * caller makes a call in a session of its own in turns with each: what the machine has to do besides slows both.
 */
export async function longSession(calls: number, callers: number): Promise<LongSession> {
  const place = await openPlace();
  const worker = await place.startWorker(CACHED);
  try {
    return await measure(place, calls, callers);
  } finally {
    await worker.stop();
    await place.close();
  }
}

async function measure({ custody, begun }: Place, calls: number, callers: number): Promise<LongSession> {
  await series(custody, (await custody.start(AGENT)).id, 300); // The code is compiled as it runs.
  const { id } = await custody.start(AGENT);
  const edges = [await series(custody, id, EDGE, (await custody.start(AGENT)).id)];
  const each = Math.floor((calls - 2 * EDGE) / callers);
  await Promise.all(Array.from({ length: callers }, () => series(custody, id, each)));
  edges.push(await series(custody, id, EDGE, (await custody.start(AGENT)).id));
  const { runs } = await custody.session(id).describe();
  const keys = (await begun()).filter((key) => key.startsWith(`${id}/`));
  const made = 2 * EDGE + each * callers;
  const [first, last, fresh] = [edges[0]?.own, edges[1]?.own, edges[1]?.beside].map((list) => median(list ?? [])) as [
    number,
    number,
    number,
  ];
  return {
    longSessionSlope: round(last / first),
    overFresh: round(last / fresh),
    calls: made,
    callers,
    runs,
    firstMs: round(first, 1),
    lastMs: round(last, 1),
    freshMs: round(fresh, 1),
    lost: made - new Set(keys).size,
    doubled: keys.length - new Set(keys).size,
  };
}

/** Makes calls one after the other, in turns with those in another session if there is one; milliseconds of each. */
async function series(
  custody: Custody,
  id: string,
  calls: number,
  other?: string,
): Promise<{ readonly own: readonly number[]; readonly beside: readonly number[] }> {
  const own: number[] = [];
  const beside: number[] = [];
  for (let index = 0; index < calls; index += 1) {
    own.push(await timed(custody, id));
    if (other !== undefined) beside.push(await timed(custody, other));
  }
  return { own, beside };
}

async function timed(custody: Custody, id: string): Promise<number> {
  const start = performance.now();
  const callId = randomUUID();
  const { outcome } = await custody.session(id).call('journal.append', { text: callId }, { callId });
  if (outcome !== 'succeeded') throw new Error(`${id}: the call ${callId} ended as ${outcome}`);
  return performance.now() - start;
}
