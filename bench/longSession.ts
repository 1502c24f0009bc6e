import { randomUUID } from 'node:crypto';
import type { Custody } from '../client/custody.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { type Figure, figure, inTurns, repeat, round } from './figures.ts';
import { at } from './place/place.ts';
import { type JournalServer, startJournal } from './place/servers.ts';

/** Calls at each end of the session whose median counts. */
const EDGE = 500;
/** Calls before, in which the code is compiled. */
const WARM_UP = 300;
const AGENT: SessionSpec = { agent: { id: 'bench', version: '1' }, profile: 'standard', servers: ['journal'] };

export interface LongSession {
  /** Median latency of the last calls over that of the first, of one caller. */
  readonly longSessionSlope: Figure;
  readonly longSession: {
    /** Median latency of the last calls over that of as many calls in a new session, made in turns with them. */
    readonly overFresh: Figure;
    readonly runs: readonly One[];
  };
}

interface One {
  readonly calls: number;
  /** Workflow runs that the session took. */
  readonly runs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly freshMs: number;
  /** Calls that did not arrive at the server, or arrived twice. */
  readonly lost: number;
  readonly doubled: number;
}

/**
 * Calls of an irreversible tool in one session, one after the other by each of its callers. At both ends the first
 * caller makes a call in a session of its own in turns with each: what the machine has to do besides slows both.
 */
export const longSession = (calls: number, callers: number, repetitions: number): Promise<LongSession> =>
  at(undefined, async (place) => {
    const server = await startJournal(place);
    await place.configure({
      servers: { journal: { url: server.url } },
      tools: { 'journal.append': { effect: 'irreversible' } },
      profiles: { standard: { session: { maxCalls: 50_000 } } },
    });
    await place.startWorker('bench');
    const { custody } = place;
    const { id: warm } = await custody.start(AGENT);
    await repeat(WARM_UP, () => append(custody, warm));
    const sessions = await repeat(repetitions, () => measure(custody, server, calls, callers));
    return {
      longSessionSlope: figure(sessions.map(({ firstMs, lastMs }) => lastMs / firstMs)),
      longSession: {
        overFresh: figure(sessions.map(({ freshMs, lastMs }) => lastMs / freshMs)),
        runs: sessions,
      },
    };
  });

async function measure(custody: Custody, server: JournalServer, calls: number, callers: number): Promise<One> {
  const { id } = await custody.start(AGENT);
  const edge = async () => {
    const { id: fresh } = await custody.start(AGENT);
    return inTurns(
      EDGE,
      () => append(custody, id),
      () => append(custody, fresh),
    );
  };
  const [firstMs] = await edge();
  const each = Math.floor((calls - 2 * EDGE) / callers);
  await Promise.all(Array.from({ length: callers }, () => repeat(each, () => append(custody, id))));
  const [lastMs, freshMs] = await edge();
  const { runs } = await custody.session(id).describe();
  const keys = (await server.begun()).filter((key) => key.startsWith(`${id}/`));
  const made = 2 * EDGE + each * callers;
  return {
    calls: made,
    runs,
    firstMs: round(firstMs, 1),
    lastMs: round(lastMs, 1),
    freshMs: round(freshMs, 1),
    lost: made - new Set(keys).size,
    doubled: keys.length - new Set(keys).size,
  };
}

async function append(custody: Custody, id: string): Promise<void> {
  const callId = randomUUID();
  const { outcome } = await custody.session(id).call('journal.append', { text: callId }, { callId });
  if (outcome !== 'succeeded') throw new Error(`${id}: the call ${callId} ended as ${outcome}`);
}
