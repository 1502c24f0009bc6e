import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types.ts';
import type { WorkerIdentity } from '../session/call.ts';
import type { InsideCommand } from '../session/commands.ts';
import { byteLength } from '../session/digest.ts';
import { isErrorCode, type Refusal } from '../session/errors.ts';
import { LIMITS } from '../session/governance.ts';
import type { SessionSpec } from '../session/spec.ts';
import { HEARTBEAT_TIMEOUT, messageOf } from './attempt.ts';

type Seen = Extract<InsideCommand, { type: 'workersSeen' }>;
type Opening = Extract<InsideCommand, { type: 'opened' | 'openFailed' }>;

/**
 * Loads the profile and opens every server of a session; also says which workers did. Opening has no side effect, so a lost
 * worker's attempt is repeated. Never throws.
 */
export async function openAll(sessionId: string, spec: SessionSpec): Promise<readonly [Seen, Opening]> {
  const workers: WorkerIdentity[] = [];
  const fail = (refusal: Refusal) => [{ type: 'workersSeen', workers }, { type: 'openFailed', refusal }] as const;
  try {
    const { governance, profileHash } = await activities(`profile ${spec.profile}`).loadProfile({ profile: spec.profile, overrides: spec.overrides ?? {} });
    const opened = await Promise.allSettled(spec.servers.map(async (server) => {
      const { pin, worker } = await activities(`open ${server}`).openServer({ sessionId, server });
      workers.push(worker);
      return [server, pin] as const;
    }));
    const failure = opened.find((each) => each.status === 'rejected');
    if (failure) return fail(refusalIn(failure.reason));
    const servers = Object.fromEntries(opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
    const tools = Object.values(servers).reduce((sum, pin) => sum + Object.keys(pin.tools).length, 0);
    if (tools > LIMITS.sessionTools) return fail({ code: 'TOO_MANY_TOOLS', message: `The servers list ${tools} tools together, and a session can pin ${LIMITS.sessionTools}.` });
    const bytes = byteLength(JSON.stringify(servers));
    if (bytes > LIMITS.pinBytes) return fail({ code: 'TOO_MANY_TOOLS', message: `The pins of the tools take ${bytes} bytes, and a session carries ${LIMITS.pinBytes}.` });
    return [{ type: 'workersSeen', workers }, { type: 'opened', governance, profileHash, servers }];
  } catch (error) {
    return fail(refusalIn(error));
  }
}

const activities = (summary: string) =>
  proxyActivities<Activities>({ startToCloseTimeout: '5m', heartbeatTimeout: HEARTBEAT_TIMEOUT, retry: { maximumAttempts: 5, initialInterval: '200ms' }, summary });

/** Why an activity failed. */
export function refusalIn(error: unknown): Refusal {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure && isErrorCode(cause.type) ? cause.type : 'INTERNAL_ERROR';
  return { code, message: messageOf(cause) };
}
