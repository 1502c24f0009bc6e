import { setTimeout as delay } from 'node:timers/promises';
import type { Custody } from '../client/custody.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { type Figure, figure, median, repeat, round, timed } from './figures.ts';
import { at, type Place } from './place/place.ts';
import { startJournal } from './place/servers.ts';

/** Calls that each session made before it was paused. */
const CALLS = 3;
/** Sessions that come and go before memory is measured. */
const BEFORE = 100;
/** Sessions that are resumed, of each kind. */
const RESUMED = 40;
/** Sessions that are brought up at once. */
const AT_ONCE = 20;
const AGENT: SessionSpec = { agent: { id: 'bench', version: '1' }, profile: 'standard', servers: ['journal'] };

export interface PausedSessions {
  /** KiB of resident memory that the worker has for one more session in its cache. */
  readonly pausedKiB: Figure;
  /**
   * Milliseconds from `resume` to the answer of the first call: in memory, and replayed from history by a new worker.
   */
  readonly resumeMs: { readonly cached: Figure; readonly replayed: Figure };
  readonly pausedSessions: readonly Omit<Measured, 'cached' | 'replayed'>[];
}

interface Measured {
  readonly sessions: number;
  readonly pausedKiB: number;
  /** Of a worker that has run some sessions and has none in its cache, in MiB. */
  readonly emptyMiB: number;
  /** Milliseconds of a call in a session that works, in a worker with no paused sessions and with all of them. */
  readonly callMs: { readonly empty: number; readonly full: number };
  readonly lost: number;
  readonly cached: readonly number[];
  readonly replayed: readonly number[];
}

/** Memory of paused sessions in a worker, and how soon one of them works again. */
export async function pausedSessions(sessions: number, repetitions: number): Promise<PausedSessions> {
  const runs = await repeat(repetitions, () => at(undefined, (place) => measure(place, sessions)));
  return {
    pausedKiB: figure(
      runs.map(({ pausedKiB }) => pausedKiB),
      0,
    ),
    resumeMs: {
      cached: figure(
        runs.flatMap(({ cached }) => cached),
        0,
      ),
      replayed: figure(
        runs.flatMap(({ replayed }) => replayed),
        0,
      ),
    },
    pausedSessions: runs.map(({ cached: _cached, replayed: _replayed, ...run }) => run),
  };
}

async function measure(place: Place, sessions: number): Promise<Measured> {
  const { custody, startWorker } = place;
  const { url } = await startJournal(place);
  await place.configure({
    servers: { journal: { url } },
    tools: { 'journal.append': { effect: 'irreversible' } },
    profiles: { standard: {} },
  });
  const worker = await startWorker('bench', sessions + BEFORE);
  for (const id of await paused(custody, BEFORE))
    await custody
      .session(id)
      .cancel()
      .then(() =>
        custody
          .session(id)
          .wait()
          .catch(() => undefined),
      );
  await delay(2000); // The worker drops the ended ones from its cache.
  const empty = await worker.memory();
  const { id: busy } = await custody.start(AGENT);
  const before = await callMs(custody, busy);
  const ids = await paused(custody, sessions);
  const full = await worker.memory();
  const after = await callMs(custody, busy);
  const cached = await resume(custody, ids.slice(0, RESUMED));
  await worker.stop();
  await startWorker('bench', sessions + BEFORE);
  const replayed = await resume(custody, ids.slice(-RESUMED));
  let lost = 0;
  for (const id of ids) if ((await custody.session(id).describe()).calls.length < CALLS) lost += 1;
  return {
    pausedKiB: round((full - empty) / sessions, 0),
    emptyMiB: round(empty / 1024, 0),
    callMs: { empty: before, full: after },
    sessions,
    lost,
    cached,
    replayed,
  };
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
  let index = 0;
  const call = () => timed(() => custody.session(id).call('journal.append', { text: `${(index += 1)}` }));
  return round(median(await repeat(100, call)), 1);
}

async function resume(custody: Custody, ids: readonly string[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const id of ids)
    times.push(
      await timed(async () => {
        await custody.session(id).resume();
        await custody.session(id).call('journal.append', { text: 'again' });
      }),
    );
  return times;
}
