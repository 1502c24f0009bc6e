import {
  type ActivityOptions,
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, OpenedServer } from '../activities/types.ts';
import { type Binding, bindingOf, type HeldLease } from '../session/servers/binding.ts';
import type { WorkerIdentity } from '../protocol/call.ts';
import type { InsideCommand } from '../session/commands.ts';
import { byteLength } from '../protocol/values/digest.ts';
import { isErrorCode, type Refusal } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { workerQueue } from '../protocol/queues.ts';
import type { Session } from '../session/session.ts';
import { HEARTBEAT_TIMEOUT, messageOf } from './attempt.ts';
import { HOLDER_WAIT } from './holders.ts';

type Seen = Extract<InsideCommand, { type: 'workersSeen' }>;
type Lost = Extract<InsideCommand, { type: 'leaseLost' }>;
type Opening = Extract<InsideCommand, { type: 'opened' | 'openFailed' }>;

/**
 * Loads the profile and opens every server of a session; also says which workers did. A stateful server that a worker
 * holds is looked at there, and opened anew only if that worker has lost it. Opening has no side effect, so a lost
 * worker's attempt is repeated. Never throws.
 */
export async function openAll({ id: sessionId, spec, bindings }: Session): Promise<readonly (Seen | Lost | Opening)[]> {
  const workers: WorkerIdentity[] = [];
  const lost: Lost[] = [];
  const fail = (refusal: Refusal) =>
    [{ type: 'workersSeen', workers }, ...lost, { type: 'openFailed', refusal }] as const;
  try {
    const { governance, profileHash } = await activities(`profile ${spec.profile}`).loadProfile({
      profile: spec.profile,
      overrides: spec.overrides ?? {},
    });
    const opened = await Promise.allSettled(
      spec.servers.map(async (server) => {
        const binding = bindingOf({ bindings }, server);
        const held = binding?.phase === 'held' ? await lookAt(sessionId, server, binding) : undefined;
        if (held && 'lost' in held) {
          lost.push(held.lost);
          if (held.worker) workers.push(held.worker);
          if (binding?.whenLost === 'pause') return undefined;
        }
        const opened =
          held && 'pin' in held ? held : await activities(`open ${server}`).openServer({ sessionId, server });
        workers.push(opened.worker);
        return [server, opened] as const;
      }),
    );
    const failure = opened.find((each) => each.status === 'rejected');
    if (failure) return fail(refusalIn(failure.reason));
    const open = opened.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []));
    // Somebody shall know of the loss first: the session is paused by it.
    if (open.length < spec.servers.length) return [{ type: 'workersSeen', workers }, ...lost];
    const servers = Object.fromEntries(open.map(([server, { pin }]) => [server, pin]));
    const leases = Object.fromEntries(
      open.flatMap(([server, { lease, worker }]) =>
        lease ? [[server, { ...lease, holder: worker } satisfies HeldLease]] : [],
      ),
    );
    const tools = Object.values(servers).reduce((sum, pin) => sum + Object.keys(pin.tools).length, 0);
    if (tools > LIMITS.sessionTools)
      return fail({
        code: 'TOO_MANY_TOOLS',
        message: `The servers list ${tools} tools together, and a session can pin ${LIMITS.sessionTools}.`,
      });
    const bytes = byteLength(JSON.stringify(servers));
    if (bytes > LIMITS.pinBytes)
      return fail({
        code: 'TOO_MANY_TOOLS',
        message: `The pins of the tools take ${bytes} bytes, and a session carries ${LIMITS.pinBytes}.`,
      });
    return [{ type: 'workersSeen', workers }, ...lost, { type: 'opened', governance, profileHash, servers, leases }];
  } catch (error) {
    return fail(refusalIn(error));
  }
}

/** Opens a stateful server that was lost, on any worker. Never throws. */
export async function reopen(
  sessionId: string,
  server: string,
): Promise<Extract<InsideCommand, { type: 'reopened' | 'reopenFailed' }>> {
  try {
    const { pin, worker, lease } = await activities(`open ${server} again`).openServer({ sessionId, server });
    return { type: 'reopened', server, pin, worker, lease: lease ?? null };
  } catch (error) {
    return { type: 'reopenFailed', server, refusal: refusalIn(error) };
  }
}

/** A server as its holder has it, or that the holder has it no more; then perhaps with who said so. */
async function lookAt(
  sessionId: string,
  server: string,
  { worker, lease }: Binding,
): Promise<OpenedServer | { readonly lost: Lost; readonly worker?: WorkerIdentity }> {
  const lost = (why: string, holderGone: boolean): Lost => ({ type: 'leaseLost', server, lease, why, holderGone });
  try {
    const its = activities(`${server} on ${worker}`, {
      taskQueue: workerQueue(workflowInfo().taskQueue, worker),
      scheduleToStartTimeout: HOLDER_WAIT,
    });
    return await its.openServer({ sessionId, server, lease });
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (cause instanceof TimeoutFailure)
      return { lost: lost(`worker ${worker}, which held '${server}', does not answer`, true) };
    if (cause instanceof ApplicationFailure && cause.type === 'LEASE_LOST')
      return { lost: lost(messageOf(cause), false), worker: cause.details?.[0] as WorkerIdentity };
    throw error;
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

/** Why an activity failed. */
export function refusalIn(error: unknown): Refusal {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure && isErrorCode(cause.type) ? cause.type : 'INTERNAL_ERROR';
  return { code, message: messageOf(cause) };
}
