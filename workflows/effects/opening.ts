import {
  type ActivityOptions,
  ApplicationFailure,
  ActivityCancellationType,
  CancellationScope,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, LoadProfile, OpenedServer } from '../../activities/types.ts';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { workerQueue } from '../../protocol/workers/queues.ts';
import type { FactOf } from '../../session/facts.ts';
import { checkOf } from '../../session/identity/rules.ts';
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
  const { spec, state } = session;
  let wanted: Pick<FactOf<'opened'>, 'notices'> = {};
  try {
    const { profile, servers: names, overrides = {} } = spec;
    const start = state.name === 'INIT' ? { start: startOf(session) } : {};
    const request = { profile, overrides, servers: names, ...start };
    const loaded = await activities(`profile ${profile}`).loadProfile(request);
    const { governance, profileHash, policy, principals, starter, money, notices, budgets } = loaded;
    if (notices) wanted = { notices };
    const wait = state.name === 'INIT' ? governance.session.serverWait : 0;
    const { found, failure } = await untilOneFails(names, (server) => openOne(session, server, wait));
    const seen = seenIn(found);
    if (failure) return [...seen, { type: 'openFailed', refusal: failure, ...wanted }];
    const opened = found.flatMap((each) => (each.opened ? [[each.server, each.opened] as const] : []));
    // The session is paused by a loss that somebody shall know of.
    if (opened.length < spec.servers.length) return seen;
    const servers = Object.fromEntries(opened.map(([server, { pin }]) => [server, pin]));
    const known = {
      ...(policy ? { policy: { hash: policy.hash } } : {}),
      ...(principals === undefined ? {} : { principals }),
      ...(starter ? { starter } : {}),
      ...(money ? { money } : {}),
      ...wanted,
      ...(budgets ? { budgets } : {}),
    };
    return [...seen, { type: 'opened', governance, profileHash, servers, leases: leasesIn(opened), ...known }];
  } catch (error) {
    return [{ type: 'openFailed', refusal: refusalIn(error), ...wanted }];
  }
}

/** Who starts the session, and when it started by the clock of its workflow. */
function startOf({
  startedAt,
  startedBy,
  signedStart,
  spec: { agent, labels = {} },
}: Session): NonNullable<LoadProfile['start']> {
  const by = { actor: startedBy?.actor ?? 'unknown', reason: '', commandId: '' };
  return {
    at: startedAt,
    agent: agent.id,
    labels,
    ...(signedStart ? { check: checkOf('start', by, signedStart) } : {}),
  };
}

/** What came of each, and what failed first: those that still wait then are given up. */
async function untilOneFails(
  servers: readonly string[],
  open: (server: string) => Promise<Found>,
): Promise<{ readonly found: readonly Found[]; readonly failure: Refusal | undefined }> {
  const scope = new CancellationScope();
  let failure: Refusal | undefined;
  const found = servers.map((server) =>
    scope
      .run(() => open(server))
      .catch((error: unknown): Found => {
        failure ??= refusalIn(error);
        scope.cancel();
        return { server, worker: workerIn(error) };
      }),
  );
  return { found: await Promise.all(found), failure };
}

/** The worker that says why it failed. */
function workerIn(error: unknown): WorkerIdentity | undefined {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure ? (cause.details?.[0] as WorkerIdentity | undefined) : undefined;
}

const seenIn = (found: readonly Found[]): Facts => [
  { type: 'workersSeen', workers: found.flatMap(({ worker }) => worker ?? []) },
  ...found.flatMap(({ lost }) => lost ?? []),
];

const leasesIn = (opened: readonly (readonly [string, OpenedServer])[]): { readonly [server: string]: HeldLease } =>
  Object.fromEntries(
    opened.flatMap(([server, { lease, worker }]) => (lease ? [[server, { ...lease, holder: worker }]] : [])),
  );

/** @param wait milliseconds in which a server that cannot be reached is tried again */
async function openOne({ id: sessionId, bindings }: Session, server: string, wait: number): Promise<Found> {
  const binding = bindingOf({ bindings }, server);
  const held: Found = binding?.phase === 'held' ? await lookAt(sessionId, server, binding) : { server };
  if (held.opened || (held.lost && binding?.whenLost === 'pause')) return held;
  const opened = await activities(`open ${server}`, wait > 0 ? PATIENT : {}).openServer({ sessionId, server, wait });
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
    return { server, lost: lost(messageOf(cause), false), worker: workerIn(error) };
  }
}

/**
 * As long as the activity takes it for worth it. Temporal shows why the last try failed, and writes no event for a try.
 */
const PATIENT: ActivityOptions = { retry: { initialInterval: '200ms', maximumInterval: '5s' } };

const activities = (summary: string, options: ActivityOptions = {}) =>
  proxyActivities<Activities>({
    startToCloseTimeout: '5m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 5, initialInterval: '200ms' },
    // Who has begun an opening that is given up is known, so that it is told to close what came of it.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
    ...options,
  });
