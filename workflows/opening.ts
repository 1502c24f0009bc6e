import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types.ts';
import type { InsideCommand } from '../session/commands.ts';
import { isErrorCode, type Refusal } from '../session/errors.ts';
import { LIMITS } from '../session/governance.ts';
import type { SessionSpec } from '../session/spec.ts';
import { HEARTBEAT_TIMEOUT, messageOf } from './attempt.ts';

type Opening = Extract<InsideCommand, { type: 'opened' | 'openFailed' }>;

/** Loads the profile and opens every server of a session. Opening has no side effect, so a lost worker's attempt is repeated. Never throws. */
export async function openAll(sessionId: string, spec: SessionSpec): Promise<Opening> {
  try {
    const { governance, profileHash } = await activities(`profile ${spec.profile}`).loadProfile({ profile: spec.profile, overrides: spec.overrides ?? {} });
    const pins = await Promise.all(spec.servers.map(async (server) => {
      const { pin } = await activities(`open ${server}`).openServer({ sessionId, server });
      return [server, pin] as const;
    }));
    const tools = pins.reduce((sum, [, pin]) => sum + Object.keys(pin.tools).length, 0);
    if (tools > LIMITS.sessionTools) {
      return { type: 'openFailed', refusal: { code: 'TOO_MANY_TOOLS', message: `The servers list ${tools} tools together, and a session can pin ${LIMITS.sessionTools}.` } };
    }
    return { type: 'opened', governance, profileHash, servers: Object.fromEntries(pins) };
  } catch (error) {
    return { type: 'openFailed', refusal: refusalIn(error) };
  }
}

const activities = (summary: string) =>
  proxyActivities<Activities>({ startToCloseTimeout: '5m', heartbeatTimeout: HEARTBEAT_TIMEOUT, retry: { maximumAttempts: 5, initialInterval: '200ms' }, summary });

function refusalIn(error: unknown): Refusal {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure && isErrorCode(cause.type) ? cause.type : 'INTERNAL_ERROR';
  return { code, message: messageOf(cause) };
}
