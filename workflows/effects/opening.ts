import {
  type ActivityOptions,
  ApplicationFailure,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, OpenedServer } from '../../activities/types.ts';
import type { WorkerIdentity } from '../../protocol/worker.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { workerQueue } from '../../protocol/queues.ts';
import type { FactOf } from '../../session/facts.ts';
import { type Binding, bindingOf, type HeldLease } from '../../session/servers/binding.ts';
import type { Session } from '../../session/session.ts';
import { causeOf, messageOf, refusalIn } from './failures.ts';
import { HOLDER_WAIT } from './holders.ts';
import { HEARTBEAT_TIMEOUT } from './limits.ts';

type Facts = readonly FactOf<'workersSeen' | 'leaseLost' | 'opened' | 'openFailed'>[];

/** What came of one server; `lost` and no `opened` where somebody shall know of the loss first. */
interface Found {
  readonly server: string;
  readonly lost?: FactOf<'leaseLost'>;
  readonly worker?: WorkerIdentity | undefined;
  readonly opened?: OpenedServer;
}

/**
 * Loads the profile and opens every server of a session; also says which workers did. A stateful server that a worker
 * holds is looked at there, and opened anew only if that worker has lost it. Opening has no side effect, so a lost
 * worker's attempt is repeated. Never throws.
 */
export async function openAll(session: Session): Promise<Facts> {
  const { spec } = session;
  try {
    const request = { profile: spec.profile, overrides: spec.overrides ?? {} };
    const { governance, profileHash } = await activities(`profile ${spec.profile}`).loadProfile(request);
    const all = await Promise.allSettled(spec.servers.map((server) => openOne(session, server)));
    const found = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const seen = seenIn(found);
    const failure = all.find((each) => each.status === 'rejected');
    if (failure) return [...seen, { type: 'openFailed', refusal: refusalIn(failure.reason) }];
    const opened = found.flatMap((each) => (each.opened ? [[each.server, each.opened] as const] : []));
    // The session is paused by a loss that somebody shall know of.
    if (opened.length < spec.servers.length) return seen;
    const servers = Object.fromEntries(opened.map(([server, { pin }]) => [server, pin]));
    return [...seen, { type: 'opened', governance, profileHash, servers, leases: leasesIn(opened) }];
  } catch (error) {
    return [{ type: 'openFailed', refusal: refusalIn(error) }];
  }
}

const seenIn = (found: readonly Found[]): Facts => [
  { type: 'workersSeen', workers: found.flatMap(({ worker }) => worker ?? []) },
  ...found.flatMap(({ lost }) => lost ?? []),
];

const leasesIn = (opened: readonly (readonly [string, OpenedServer])[]): { readonly [server: string]: HeldLease } =>
  Object.fromEntries(
    opened.flatMap(([server, { lease, worker }]) => (lease ? [[server, { ...lease, holder: worker }]] : [])),
  );

async function openOne({ id: sessionId, bindings }: Session, server: string): Promise<Found> {
  const binding = bindingOf({ bindings }, server);
  const held: Found = binding?.phase === 'held' ? await lookAt(sessionId, server, binding) : { server };
  if (held.opened || (held.lost && binding?.whenLost === 'pause')) return held;
  const opened = await activities(`open ${server}`).openServer({ sessionId, server });
  return { ...held, opened, worker: opened.worker };
}

/** Opens a stateful server that was lost, on any worker. Never throws. */
export async function reopen(sessionId: string, server: string): Promise<FactOf<'reopened' | 'reopenFailed'>> {
  try {
    const { pin, worker, lease } = await activities(`open ${server} again`).openServer({ sessionId, server });
    return { type: 'reopened', server, pin, worker, lease: lease ?? null };
  } catch (error) {
    const refusal: Refusal = refusalIn(error);
    return { type: 'reopenFailed', server, refusal };
  }
}

/** A server as its holder has it, or that the holder has it no more; then perhaps with who said so. */
async function lookAt(sessionId: string, server: string, { worker, lease }: Binding): Promise<Found> {
  const lost = (why: string, holderGone: boolean) => ({ type: 'leaseLost', server, lease, why, holderGone }) as const;
  const taskQueue = workerQueue(workflowInfo().taskQueue, worker);
  try {
    const its = activities(`${server} on ${worker}`, { taskQueue, scheduleToStartTimeout: HOLDER_WAIT });
    const opened = await its.openServer({ sessionId, server, lease });
    return { server, opened, worker: opened.worker };
  } catch (error) {
    const cause = causeOf(error);
    if (cause instanceof TimeoutFailure)
      return { server, lost: lost(`worker ${worker}, which held '${server}', does not answer`, true) };
    if (!(cause instanceof ApplicationFailure) || cause.type !== 'LEASE_LOST') throw error;
    return { server, lost: lost(messageOf(cause), false), worker: cause.details?.[0] as WorkerIdentity | undefined };
  }
}

const activities = (summary: string, options: ActivityOptions = {}) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '5m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 5, initialInterval: '200ms' },
    summary,
    ...options,
  });
