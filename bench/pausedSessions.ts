import { setTimeout as delay } from 'node:timers/promises';
import type { Custody } from '../client/custody.ts';
import { median, round } from './numbers.ts';
import { AGENT, type BenchWorker, openPlace } from './place.ts';

/** Calls that each session made before it was paused. */
const CALLS = 3;
/** Sessions that are resumed, of each kind. */
const RESUMED = 40;
/** Sessions that are brought up at once. */
const AT_ONCE = 20;

interface Times {
  readonly median: number;
  readonly max: number;
}

export interface PausedSessions {
  readonly sessions: number;
  /** KiB of resident memory that the worker has for one more session in its cache. */
  readonly pausedKiB: number;
  /** Of a worker that has run some sessions and has none in its cache, in MiB. */
  readonly emptyMiB: number;
  /**
   * Milliseconds from `resume` to the answer of the first call: in memory, and replayed from history by a new worker.
   */
  readonly resumeMs: { readonly cached: Times; readonly replayed: Times };
  /** Milliseconds of a call in a session that works, in a worker with no paused sessions and with all of them. */
  readonly callMs: { readonly empty: number; readonly full: number };
  readonly lost: number;
}

/** Memory of paused sessions in a worker, and how soon one of them works again. */
export async function pausedSessions(sessions: number): Promise<PausedSessions> {
  const place = await openPlace();
  const { custody } = place;
  let worker: BenchWorker | undefined = await place.startWorker(sessions + 100);
  try {
    for (const id of await paused(custody, 100))
      await custody
        .session(id)
        .cancel()
        .then(() =>
          custody
            .session(id)
            .wait()
            .catch(() => undefined),
        );
    await delay(2000);
    const empty = await worker.memory();
    const { id: busy } = await custody.start(AGENT);
    const before = await callMs(custody, busy);
    const ids = await paused(custody, sessions);
    const full = await worker.memory();
    const after = await callMs(custody, busy);
    const cached = await resume(custody, ids.slice(0, RESUMED));
    await worker.stop();
    worker = await place.startWorker(sessions + 100);
    const replayed = await resume(custody, ids.slice(-RESUMED));
    let lost = 0;
    for (const id of ids) if ((await custody.session(id).describe()).calls.length < CALLS) lost += 1;
    return {
      sessions,
      pausedKiB: round((full - empty) / sessions, 0),
      emptyMiB: round(empty / 1024, 0),
      resumeMs: { cached, replayed },
      callMs: { empty: before, full: after },
      lost,
    };
  } finally {
    await worker.stop();
    await place.close();
  }
}

/** Sessions that have made some calls and are paused. */
async function paused(custody: Custody, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const one = async (): Promise<void> => {
    const { id } = await custody.start(AGENT);
    ids.push(id);
    for (let index = 0; index < CALLS; index += 1)
      await custody.session(id).call('journal.append', { text: `${index}` });
    await custody.session(id).pause({ reason: 'for long' });
  };
  for (let begun = 0; begun < count; begun += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - begun) }, one));
  return ids;
}

async function callMs(custody: Custody, id: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const start = performance.now();
    await custody.session(id).call('journal.append', { text: `${index}` });
    times.push(performance.now() - start);
  }
  return round(median(times), 1);
}

async function resume(custody: Custody, ids: readonly string[]): Promise<Times> {
  const times: number[] = [];
  for (const id of ids) {
    const start = performance.now();
    await custody.session(id).resume();
    await custody.session(id).call('journal.append', { text: 'again' });
    times.push(performance.now() - start);
  }
  return { median: round(median(times), 0), max: round(Math.max(...times), 0) };
}
