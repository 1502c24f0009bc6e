import type { Attributes } from '@opentelemetry/api';
import { argumentBytes, type AttemptOutcome, type Intent } from '../protocol/calls/call.ts';
import { costOfAttempt } from '../protocol/money/attempt.ts';
import { byteLength, canonical } from '../protocol/values/digest.ts';
import { ATTRIBUTES, OTHER, OWN, TOOL_ERROR } from './names.ts';

/** Rules of a decision that are named. */
const RULES = 50;

/**
 * What a request is about, of which there are few: the tool, and never a URI. Arguments, results and what servers say
 * in words are in none of the attributes here.
 */
export function operationOf({ method, tool }: Intent): Attributes {
  if (method !== undefined) return { [ATTRIBUTES.method]: method };
  return { [ATTRIBUTES.method]: 'tools/call', [ATTRIBUTES.operation]: 'execute_tool', [ATTRIBUTES.tool]: tool };
}

/** Of one attempt alone: for spans. */
export function attemptAttributes(intent: Intent): Attributes {
  const { sessionId, callId, attempt, record, effect, server, compensates, method, tool } = intent;
  return {
    [ATTRIBUTES.conversation]: sessionId,
    ...(method === 'prompts/get' ? { [ATTRIBUTES.prompt]: tool } : {}),
    [OWN.server]: server,
    [OWN.callId]: callId,
    [OWN.attempt]: attempt,
    [OWN.record]: record,
    [OWN.effect]: effect,
    ...(compensates === undefined ? {} : { [OWN.compensates]: compensates }),
  };
}

/** How it ended. */
export function endAttributes(intent: Intent, outcome: AttemptOutcome): Attributes {
  const { decision } = outcome;
  const cost = costOf(intent, outcome);
  return {
    ...errorOf(outcome),
    [OWN.outcome]: outcome.kind,
    ...(decision ? { [OWN.verdict]: decision.verdict, [OWN.rules]: decision.rules.slice(0, RULES) } : {}),
    ...(cost === undefined ? {} : { [OWN.cost]: cost }),
  };
}

/** What went wrong, by a word of which there are few; nothing where nothing did. */
export function errorOf(outcome: AttemptOutcome): Attributes {
  switch (outcome.kind) {
    case 'succeeded':
    case 'input_required':
    case 'needs_approval':
      return {};
    case 'tool_error':
      return { [ATTRIBUTES.errorType]: TOOL_ERROR };
    case 'failed': {
      if (!outcome.rpc) return { [ATTRIBUTES.errorType]: outcome.code };
      const status = statusOf(outcome.rpc.code);
      return { [ATTRIBUTES.errorType]: status, [ATTRIBUTES.rpcStatus]: status };
    }
    default:
      return { [ATTRIBUTES.errorType]: outcome.code };
  }
}

/** A server may send any number; those that JSON-RPC keeps for itself are few. */
const statusOf = (code: number): string =>
  Number.isInteger(code) && code >= -32768 && code <= -32000 ? String(code) : OTHER;

/** Micro-USD; undefined where it has no price, or nobody knows whether it was made. */
export function costOf({ price, reserved, args, argsRef }: Intent, outcome: AttemptOutcome): number | undefined {
  if (!price || reserved === undefined || outcome.kind === 'unknown') return undefined;
  const bytes = argsRef || !price.kibIn ? 0 : byteLength(canonical(args));
  return costOfAttempt({ price, reserved, in: argumentBytes({ ...(argsRef ? { argsRef } : {}), bytes }) }, outcome);
}
