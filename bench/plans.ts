import { randomUUID } from 'node:crypto';
import { instantOf } from '../audit/history.ts';
import type { Custody } from '../client/custody.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { BARE_QUEUE } from './bare/queue.ts';

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
  const ids = await Promise.all(
    Array.from({ length: sessions }, () =>
      custody.start({ ...planOf(calls, settle, server), profile }).then(({ id }) => id),
    ),
  );
  for (const ended of await Promise.all(ids.map((id) => custody.session(id).wait())))
    if (ended.outcome !== 'COMPLETED')
      throw new Error(`${ended.id} ended: ${ended.code}: ${await whyOf(custody, ended.id)}`);
  return rate(custody, ids, calls);
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
  return rate(custody, ids, calls);
}

/** Starts a bare workflow that makes calls, and returns its id. */
export async function startBare(custody: Custody, calls: number, settle: number): Promise<string> {
  const workflowId = randomUUID();
  await custody.temporal.workflow.start('bare', { taskQueue: BARE_QUEUE, workflowId, args: [calls, settle] });
  return workflowId;
}

async function rate(custody: Custody, ids: readonly string[], calls: number): Promise<number> {
  let [first, last, ended] = [Infinity, 0, 0];
  for (const id of ids) {
    const { events } = await custody.temporal.workflow.getHandle(id).fetchHistory();
    const own = new Set<string>();
    for (const event of events ?? []) {
      if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'callTool') {
        own.add(String(event.eventId));
        first = Math.min(first, instantOf(event.eventTime));
      }
      if (!own.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId))) continue;
      last = Math.max(last, instantOf(event.eventTime));
      ended += 1;
    }
  }
  if (ended !== ids.length * calls)
    throw new Error(`${ended} of ${ids.length * calls} calls ended where they were made: the machine is too busy.`);
  return ended / ((last - first) / 1000);
}
