import { type AttemptOutcome, argumentBytes } from '../../protocol/calls/call.ts';
import { costOfAttempt } from '../../protocol/money/attempt.ts';
import { priceOf } from '../../protocol/money/prices.ts';
import type { DelayCause } from '../../protocol/money/delays.ts';
import type { OpenCall } from '../calls/state.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

/**
 * What the end of an attempt costs, and what stays reserved. It costs nothing where no byte was sent, what was used
 * where that is known, and all that was reserved where nobody knows: a call in doubt keeps its reservation, and has no
 * price until it is resolved.
 *
 * @param after what follows from the end of the attempt
 * @returns all that follows, with what it cost
 */
export function settled(
  session: Session,
  call: OpenCall,
  outcome: AttemptOutcome,
  after: readonly Event[],
): readonly Event[] {
  if (!call.reserved || after.some(({ type }) => type === 'callInDoubt')) return after;
  const { account } = session;
  const { call: reserved } = call.reserved;
  const price = account ? priceOf(account.book, call) : {};
  const cost = costOfAttempt({ price, reserved, in: argumentBytes(call) }, outcome);
  const isRepeated = outcome.workerLost === true && after.some(({ type }) => type === 'attemptRepeated');
  const charged = charge(call, cost, after, isRepeated ? 'restart' : undefined);
  return [...charged, ...after.map((event) => (event.type === 'effectMade' && cost > 0 ? { ...event, cost } : event))];
}

/** What a call in doubt costs once a person said how it ended: all that was reserved, or nothing. */
export const settledAs = (call: OpenCall, happened: boolean, after: readonly Event[]): readonly Event[] =>
  call.reserved ? charge(call, happened ? call.reserved.call : 0, after) : [];

function charge(call: OpenCall, cost: number, after: readonly Event[], lost?: DelayCause): readonly Event[] {
  const excess = Math.max(0, cost - (call.reserved?.call ?? 0));
  let undo = 0;
  for (const event of after) if (event.type === 'effectMade') undo += event.reserved ?? 0;
  const name = `${call.server}.${call.method ?? call.tool}`;
  const delay = call.compensates === undefined ? lost : 'rollback';
  return [{ type: 'charged', callId: call.callId, name, cost, excess, undo, ...(delay ? { delay } : {}) }];
}
