import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '../audit/history.ts';
import type { Custody } from '../client/custody.ts';
import { historyOf } from '../client/temporal/history.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { BARE_QUEUE } from './bare/queue.ts';
import { median } from './figures.ts';

/** Custody's sessions call `echo` of the server `everything`, whatever that is in the operator's file. */
export const AGENT: SessionSpec = {
  agent: { id: 'bench', version: '1' },
  profile: 'standard',
  servers: ['everything'],
};

/** @param settle milliseconds before the first call, in which the sessions beside this one open their servers */
export const planOf = (calls: number, settle: number, server = 'everything'): SessionSpec => ({
  ...AGENT,
  servers: [server],
  plan: [
    ...(settle > 0 ? [{ wait: settle }] : []),
    ...Array.from({ length: calls }, (_, index) => ({ call: `${server}.echo`, args: { message: `call ${index}` } })),
  ],
});

export interface Load {
  /** Sessions, or bare workflows, at once. */
  readonly sessions: number;
  /** Of each. */
  readonly calls: number;
  readonly settle: number;
  /** Governance of the sessions; `standard` by default. */
  readonly profile?: string;
  /** Whose `echo` is called; `everything` by default. */
  readonly server?: string;
}

/**
 * Runs sessions with a plan at once; calls per second from the first call scheduled to the last one ended, by the
 * histories' own clock. Opening the servers is not in it.
 */
export async function planRate(
  custody: Custody,
  { sessions, calls, settle, profile = AGENT.profile, server }: Load,
): Promise<number> {
  const ids = await planned(custody, sessions, { ...planOf(calls, settle, server), profile });
  return (await callsOf(custody, ids, calls)).perSecond;
}

/** Runs as many sessions of a plan at once, to their end. @returns their ids */
export async function planned(custody: Custody, sessions: number, spec: SessionSpec): Promise<readonly string[]> {
  const ids = await Promise.all(Array.from({ length: sessions }, () => custody.start(spec).then(({ id }) => id)));
  for (const ended of await Promise.all(ids.map((id) => custody.session(id).wait())))
    if (ended.outcome !== 'COMPLETED')
      throw new Error(`${ended.id} ended: ${ended.code}: ${await whyOf(custody, ended.id)}`);
  return ids;
}

/** The last thing that its history says of a call of a session. */
async function whyOf(custody: Custody, id: string): Promise<string> {
  let why = '';
  for await (const { kind, text } of custody.session(id).watch({ follow: false })) if (kind === 'outcome') why = text;
  return why;
}

/** The same with bare workflows. */
export async function bareRate(custody: Custody, { sessions, calls, settle }: Load): Promise<number> {
  const ids = await Promise.all(Array.from({ length: sessions }, () => startBare(custody, calls, settle)));
  await Promise.all(ids.map((id) => custody.temporal.workflow.getHandle(id).result()));
  return (await callsOf(custody, ids, calls)).perSecond;
}

/** Starts a bare workflow that makes calls, and returns its id. */
export async function startBare(custody: Custody, calls: number, settle: number): Promise<string> {
  const workflowId = randomUUID();
  await custody.temporal.workflow.start('bare', { taskQueue: BARE_QUEUE, workflowId, args: [calls, settle] });
  return workflowId;
}

/** What the histories say of the calls of sessions or bare workflows. */
export interface Calls {
  /** From the first call scheduled to the last one ended. */
  readonly perSecond: number;
  /** Milliseconds from scheduled to ended, of half of them at most. */
  readonly p50: number;
}

/** @param calls that each has made */
export async function callsOf(custody: Custody, ids: readonly string[], calls: number): Promise<Calls> {
  let [first, last] = [Infinity, 0];
  const took: number[] = [];
  for (const id of ids) {
    const own = new Map<string, number>();
    for await (const { event, runId } of historyOf(custody.temporal, id, false)) {
      if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'callTool') {
        own.set(`${runId}/${event.eventId}`, millisOf(event));
        first = Math.min(first, millisOf(event));
      }
      const scheduled = own.get(`${runId}/${event.activityTaskCompletedEventAttributes?.scheduledEventId}`);
      if (scheduled === undefined) continue;
      last = Math.max(last, millisOf(event));
      took.push(millisOf(event) - scheduled);
    }
  }
  if (took.length !== ids.length * calls)
    throw new Error(
      `${took.length} of ${ids.length * calls} calls ended where they were made: the machine is too busy.`,
    );
  return { perSecond: took.length / ((last - first) / 1000), p50: median(took) };
}

const millisOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + Number(eventTime?.nanos ?? 0) / 1e6;
