import assert from 'node:assert/strict';
import { isRepeatable } from '../../../protocol/calls/call.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { StateName } from '../../../protocol/states.ts';
import type { Input } from '../../../session/advance.ts';
import { isRunning, openBytes, restOf } from '../../../session/calls/state.ts';
import { weigh } from '../../../session/capacity/weight.ts';
import { countOlder } from '../../../session/calls/ledger/olderIds.ts';
import type { Event } from '../../../session/events.ts';
import { TRANSITIONS } from '../../../session/lifecycle/states.ts';
import { bindingOf } from '../../../session/servers/binding.ts';
import type { Session } from '../../../session/session.ts';
import { isUndone } from '../../../session/undo/log.ts';
import { START } from '../world.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** Sees all that happens in the life of a session, and knows what must hold at all times. */
export class Witness {
  /** `FROM -> TO`. */
  readonly reached = new Set<string>();
  readonly ended = new Map<string, Of<'callEnded'>['answer']>();
  /** Connections of the server by lease, with the boots of their workers; those given up in order. */
  readonly leases = new Map<string, string>();
  readonly givenUp = new Set<string>();
  pausedFor = 0;
  /**
   * Calls with an attempt that may have been sent and whose answer is not known; `cleared` by a person's word, which
   * lasts until it is sent again.
   */
  private readonly maybeSent = new Set<string>();
  private readonly cleared = new Set<string>();
  private expectedDeadline = 0;
  private recorded = 0;
  private shifted = 0;
  private repeats = 0;

  /** One event. @param input that it followed from */
  sees(event: Event, before: Session, after: Session, input: Input): void {
    const fact = input.type === 'fact' ? input.fact : undefined;
    const call = 'callId' in event ? before.open.find(({ callId }) => callId === event.callId) : undefined;
    const rest = call ? restOf(call)?.continuation : undefined;
    switch (event.type) {
      case 'moved':
        assert.equal(event.from, before.state.name, 'a transition from a state that the session is not in');
        assert.ok(
          (TRANSITIONS[event.from] as readonly StateName[]).includes(event.to.name),
          `${event.from} -> ${event.to.name} is no transition`,
        );
        this.reached.add(`${event.from} -> ${event.to.name}`);
        break;
      case 'attemptStarted':
        if (!rest?.withdrawn && !(rest && before.state.name === 'AUDIT' && before.state.then.name === 'COMPLETED')) {
          assert.equal(
            before.state.name,
            call?.compensates === undefined || before.state.name === 'RUNNING' ? 'RUNNING' : 'ROLLBACK',
            'an attempt started outside RUNNING that is no compensation',
          );
          if (before.state.name === 'RUNNING')
            assert.equal(before.clock.graceUntil, null, 'an attempt started in the grace period');
        }
        assert.ok(before.resetAt === null || rest?.withdrawn, 'an attempt started in a session that was reset');
        this.bound(event, before, after);
        if (event.isRepeat) this.repeats += 1;
        assert.equal(call?.phase, 'queued');
        assert.ok(!this.ended.has(event.callId), 'a call ran again after it had ended');
        assert.equal(event.attempt, (call?.attempts ?? 0) + 1);
        assert.ok(
          isRepeatable(event.effect) ||
            !this.maybeSent.has(event.callId) ||
            this.cleared.has(event.callId) ||
            (call && isRepeatable(call.effect)) ||
            rest,
          'sent twice without a person',
        );
        assert.ok(
          after.open.filter(({ phase }) => phase === 'running').length <= (before.governance?.session.concurrency ?? 0),
          'more calls at once than allowed',
        );
        break;
      case 'callAsks':
        assert.equal(call?.phase, 'running');
        if (event.asks.held) this.maybeSent.add(event.callId);
        break;
      case 'callResponded':
        assert.ok(
          call?.phase === 'awaiting_input' || event.continues.withdrawn,
          'a call was responded to that nobody asked about',
        );
        break;
      case 'attemptRepeated':
      case 'callInDoubt':
        if (fact?.type !== 'attemptEnded' || fact.outcome.kind !== 'unknown') break;
        this.maybeSent.add(event.callId);
        this.cleared.delete(event.callId);
        break;
      case 'callResolved':
        assert.equal(call?.phase, 'in_doubt');
        this.cleared.add(event.callId);
        break;
      case 'callEnded':
        this.callEnded(event, before, input);
        break;
      case 'undone':
        assert.ok(!isUndone(before.undo, event.n), 'a call was undone twice');
        if (before.rollback) assert.equal(event.n, before.rollback.next, 'calls are not undone in reverse order');
        break;
      case 'rollbackEnded': {
        const floor = before.rollback?.floor ?? 0;
        const left = before.undo.recent.filter(({ n }) => n > floor && !isUndone(before.undo, n)).length;
        const doubtful = before.open.filter(
          ({ phase, compensates, effect }) =>
            phase === 'in_doubt' && compensates === undefined && effect !== 'read-only',
        ).length;
        assert.ok(event.remaining >= left + doubtful, 'something remains that the rollback does not name');
        if (event.remaining === 0) assert.equal(left, 0);
        assert.ok(
          before.open.every(({ phase }) => phase === 'in_doubt'),
          'a call waits for a world that is no more',
        );
        break;
      }
      case 'opened':
        if (before.state.name === 'INIT') this.expectedDeadline = START + event.governance.session.timeout;
        break;
      case 'extended':
        this.expectedDeadline += event.ms;
        break;
      case 'agentLost':
        assert.equal(before.state.name, 'RUNNING', 'an agent was lost that nobody waited for');
        assert.equal(before.agent.lostAt, null, 'an agent was lost twice');
        break;
      case 'agentBack':
        assert.notEqual(before.agent.lostAt, null, 'an agent came back that was there');
        break;
      case 'recorded':
        this.recorded += event.entry.usage?.microUsd ?? 0;
        break;
      case 'deadlineShifted':
        assert.equal(before.governance?.session.pausedTimeCounts, false);
        this.expectedDeadline += event.ms;
        this.shifted += event.ms;
        break;
      default:
    }
  }

  /** A call goes to the connection that the session holds, within its slots, and never to two of them at once. */
  private bound({ callId, lease }: Of<'attemptStarted'>, before: Session, after: Session): void {
    const binding = bindingOf(before, 's');
    const call = before.open.find((each) => each.callId === callId);
    if (call && restOf(call)?.continuation.held) return;
    assert.equal(lease, binding?.lease ?? null, 'a call went to a connection that the session does not hold');
    if (!binding) return;
    assert.equal(binding.phase, 'held', 'a call went to a server that is lost');
    const running = after.open.filter(isRunning).filter((each) => each.lease !== null);
    assert.ok(
      running.filter((each) => each.lease === lease).length <=
        Math.max(binding.slots, running.filter((each) => each.rest?.continuation.held).length + 1),
      'more calls than slots',
    );
    for (const each of running)
      if (each.lease !== lease && this.givenUp.has(each.lease ?? ''))
        assert.ok(after.goneBoots.includes(this.leases.get(each.lease ?? '') ?? ''), 'a server runs twice');
  }

  private callEnded({ answer }: Of<'callEnded'>, before: Session, input: Input): void {
    const { callId } = answer;
    const call = before.open.find((each) => each.callId === callId);
    assert.ok(call, 'a call ended that was not open');
    assert.ok(!this.ended.has(callId), 'a call ended twice');
    this.ended.set(callId, answer);
    const said =
      input.type === 'fact' &&
      input.fact.type === 'attemptEnded' &&
      ['succeeded', 'tool_error', 'failed'].includes(input.fact.outcome.kind);
    const isResolved = input.type === 'command' && ['resolve', 'approve'].includes(input.command.type);
    if (said || isResolved || !this.maybeSent.has(callId)) return;
    assert.notEqual(answer.outcome, 'refused', 'a call that may have been sent is on record as refused');
    assert.ok(isRepeatable(call.effect), 'the end of a call is on record, and nobody knows it');
    assert.ok(
      call.effect === 'read-only' || answer.outcome === 'cancelled',
      'an idempotent call failed, as far as is on record, and nobody knows',
    );
  }

  /** What must hold of the session after each input. */
  check(session: Session): void {
    assert.deepEqual(JSON.parse(JSON.stringify(session)), session, 'the session is not JSON');
    assert.ok(
      session.ended.length <= LIMITS.answers &&
        session.open.length <= LIMITS.openCalls &&
        openBytes(session) <= LIMITS.openBytes,
    );
    assert.equal(
      session.endedBytes,
      session.ended.reduce((sum, entry) => sum + entry.bytes, 0),
    );
    assert.ok(session.endedBytes <= LIMITS.answerBytes);
    assert.deepEqual(
      session.undo.recent.map(({ n }) => n),
      Array.from({ length: session.undo.last - session.undo.paged }, (_, index) => session.undo.paged + index + 1),
      'the undo log has gaps',
    );
    assert.ok(session.weight >= weigh(session), 'the session carries more than it knows');
    assert.equal(new Set(session.open.map(({ callId }) => callId)).size, session.open.length);
    // An id of a compensation among the older ones is no call of the session.
    const counted = session.ended.filter(
      ({ callId, outcome, attempts }) => !callId.startsWith('undo/') && (outcome !== 'refused' || attempts > 0),
    ).length;
    assert.equal(
      session.counts.calls,
      session.open.filter(({ compensates }) => compensates === undefined).length + counted + this.older(session),
      'the calls are counted wrongly',
    );
    assert.equal(session.usage.microUsd, this.recorded, 'money was counted wrongly');
    assert.ok(
      session.agentState === null ||
        'ref' in session.agentState ||
        JSON.stringify(session.agentState.value).length <= LIMITS.inlineStateBytes,
    );
    if (!session.governance) return;
    const { maxCalls, maxIdentical } = session.governance.session;
    assert.ok(session.counts.calls <= maxCalls, 'more calls than the profile allows');
    assert.ok(
      (session.counts.last?.times ?? 0) <= maxIdentical || session.state.name !== 'RUNNING',
      'more identical calls in a row than the profile allows',
    );
    assert.equal(
      session.clock.deadlineAt,
      this.expectedDeadline,
      'the deadline is not start + timeout + extensions + shifts',
    );
    assert.ok(session.clock.extended <= session.governance.session.maxExtension);
    assert.ok(this.shifted <= this.pausedFor, 'the deadline moved by more than the paused time');
  }

  /** Calls that are known by their ids alone, and attempts that counted as calls. */
  private older(session: Session): number {
    const forgotten = [...this.ended].filter(
      ([id, { outcome, attempts }]) =>
        !session.ended.some(({ callId }) => callId === id) &&
        !id.startsWith('undo/') &&
        (outcome !== 'refused' || attempts > 0),
    );
    assert.ok(countOlder(session.older) >= forgotten.length, 'an id was forgotten');
    return forgotten.length + this.repeats;
  }
}
