import { isRepeatable, nameOf } from '../../protocol/calls/call.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { Session } from '../session.ts';
import type { EndedCall, OpenCall } from './state.ts';

/**
 * Why a call is answered with a question: an earlier connection of its caller asked for the same, which is under way or
 * has had its effect. A caller that started again may not know. What may be repeated without harm is not asked about,
 * nor what failed or was undone.
 */
export function repeatsEarlier(session: Session, call: OpenCall, now: number): Refusal | undefined {
  const { governance, open, ended } = session;
  const window = governance ? (governance.session.askRepeats ?? null) : DEFAULTS.session.askRepeats;
  if (window === null || call.connection === undefined || isRepeatable(call.effect)) return undefined;
  const alike = (each: OpenCall | EndedCall): boolean =>
    each.digest === call.digest && each.actor === call.actor && each.connection !== undefined;
  const isOwn = (each: OpenCall | EndedCall): boolean => alike(each) && each.connection === call.connection;
  // Who made it after that was asked, and knows.
  if (open.some(isOwn) || ended.some(isOwn)) return undefined;
  const isSame = (each: OpenCall | EndedCall): boolean => alike(each) && each.connection !== call.connection;
  const running = open.find(isSame);
  const done = ended.findLast((each) => isSame(each) && each.outcome === 'succeeded' && !each.undone);
  const isRecent = done?.at !== undefined && now - done.at <= window;
  const earlier = running ?? (isRecent ? done : undefined);
  if (!earlier) return undefined;
  const how = running ? `it is ${running.phase.replace('_', ' ')}` : `it succeeded ${agoOf(now - (done?.at ?? now))}`;
  const message = `An earlier connection of ${call.actor} called ${nameOf(call)} with the same arguments, as the call`;
  return { code: 'REPEATS_EARLIER', message: `${message} '${earlier.callId}': ${how}. It was not made again.` };
}

const SECOND = 1000;
const agoOf = (ms: number): string =>
  ms < SECOND ? 'just now' : `${formatDuration(Math.floor(ms / SECOND) * SECOND)} ago`;
