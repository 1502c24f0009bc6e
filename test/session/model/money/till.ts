import assert from 'node:assert/strict';
import type { AttemptOutcome } from '../../../../protocol/calls/call.ts';
import type { Input } from '../../../../session/advance.ts';
import { type OpenCall, restOf } from '../../../../session/calls/state.ts';
import type { Event } from '../../../../session/events.ts';
import { balanceOf } from '../../../../session/money/balance.ts';
import type { Session } from '../../../../session/session.ts';
import { costOf } from './prices.ts';

/** Counts the money of a life beside the session, in a way of its own, and compares. */
export class Till {
  /** Micro-USD that attempts cost so far, those of compensations apart as well. */
  private paid = 0;
  private paidUndoing = 0;
  private excess = 0;
  private recorded = 0;
  private topUps = 0;
  /** Kept for undoing, by the number of the effect. */
  private readonly kept = new Map<number, number>();
  private readonly alerts: number[] = [];
  /** What happened in this life, for tests that count on it. */
  readonly seen = new Set<string>();

  /** @param session as it was before the event */
  sees(event: Event, session: Session, input: Input, now: number): void {
    const { account, open } = session;
    const call = 'callId' in event ? open.find(({ callId }) => callId === event.callId) : undefined;
    switch (event.type) {
      case 'attemptStarted':
        if (!account || !call || call.compensates !== undefined || !event.reserved) return;
        if (restOf(call)?.continuation.withdrawn) return;
        this.canBePaid(session, event.reserved.call + event.reserved.undo, now);
        return;
      case 'charged':
        assert.ok(call?.reserved, 'a call is charged that has reserved nothing');
        return this.pays(call, event, input);
      case 'recorded':
        if (account) this.recorded += event.entry.usage?.microUsd ?? 0;
        return;
      case 'effectMade':
        if (event.reserved) this.kept.set(session.undo.last + 1, event.reserved);
        return;
      case 'undone':
        if (this.kept.delete(event.n)) this.seen.add('undone');
        return;
      case 'toppedUp':
        this.topUps += event.microUsd;
        this.seen.add('topUp');
        this.alerts.length = 0;
        return;
      case 'costAlerted':
        assert.ok(!this.alerts.includes(event.percent), 'an alert is given twice');
        this.alerts.push(event.percent);
        this.seen.add('alert');
        return;
      case 'moneyShort':
        this.seen.add('short');
        return;
      default:
    }
  }

  private canBePaid(session: Session, most: number, now: number): void {
    const { account } = session;
    const { free } = balanceOf(session, account!, now);
    assert.ok(free === null || most <= free, `a call starts that may cost ${most}, and ${free} is free`);
  }

  private pays(call: OpenCall, { cost, excess }: Extract<Event, { type: 'charged' }>, input: Input): void {
    const most = call.reserved?.call ?? 0;
    const expected =
      input.type === 'fact' && input.fact.type === 'attemptEnded'
        ? paidFor(call, input.fact.outcome, most)
        : call.phase === 'in_doubt' && input.type !== 'fact' && cost === 0
          ? 0
          : most;
    assert.equal(cost, expected, 'an attempt costs something else than it used');
    assert.equal(excess, Math.max(0, cost - most));
    this.seen.add('charge');
    if (excess > 0) this.seen.add('excess');
    if (call.phase === 'queued' || call.phase === 'in_doubt') this.seen.add('resolved');
    this.paid += cost;
    this.excess += excess;
    if (call.compensates !== undefined) this.paidUndoing += cost;
  }

  check(session: Session, now: number): void {
    const { account, open, governance, undo } = session;
    if (!account) return;
    const { calls, recorded, excess, undoing, limit: given } = account;
    assert.deepEqual({ calls, recorded, excess }, { calls: this.paid, recorded: this.recorded, excess: this.excess });
    assert.equal(account.toppedUp, this.topUps);
    const named = Object.values(account.byName).reduce((sum, { microUsd }) => sum + microUsd, 0);
    assert.equal(named, calls, 'the sum by tools is another');
    for (const call of open)
      assert.ok(!call.reserved || call.phase === 'running' || call.phase === 'in_doubt', 'money is kept for nothing');
    assert.equal(
      undoing,
      [...this.kept.values()].reduce((sum, each) => sum + each, 0),
      'money for undoing is lost',
    );
    assert.ok([...this.kept.keys()].every((n) => n <= undo.last));
    const { limit, spent, reserved, free, overrun } = balanceOf(session, account, now);
    if (limit === null || free === null || given === null) return;
    assert.equal(limit, spent + reserved + free, 'limit = spent + reserved + free does not hold');
    assert.ok(spent >= 0 && reserved >= 0 && free >= 0 && overrun >= 0);
    assert.ok(calls - excess - this.paidUndoing <= limit, 'calls passed the budget');
    assert.ok(governance);
  }
}

function paidFor(call: OpenCall, outcome: AttemptOutcome, most: number): number {
  if (outcome.kind === 'denied' || outcome.kind === 'needs_approval' || outcome.kind === 'not_sent') return 0;
  if (outcome.kind === 'unknown' || outcome.ms === undefined) return most;
  const size = 'result' in outcome ? sizeOf(outcome.result) : 0;
  return costOf(call, { ms: outcome.ms, in: call.argsRef?.bytes ?? call.bytes, out: size });
}

const sizeOf = (result: object): number =>
  'ref' in result ? (result.ref as { bytes: number }).bytes : Buffer.byteLength(JSON.stringify(result));
