import assert from 'node:assert/strict';
import { bindingOf, type HeldLease, type Lease } from '../../session/servers/binding.ts';
import { EFFECTS, isRepeatable } from '../../protocol/call.ts';
import type { By, Command, InsideCommand, OutsideCommand } from '../../session/commands.ts';
import { type Decision, decide, mayOpen, nextInstant } from '../../session/decide.ts';
import type { Event } from '../../session/events.ts';
import { evolve } from '../../session/evolve.ts';
import type { Governance } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { newSession, openBytes, type Session } from '../../session/session.ts';
import { countOlder } from '../../session/capacity/olderIds.ts';
import type { PlanStep, SessionSpec } from '../../protocol/spec.ts';
import { isEnded, type StateName, TRANSITIONS } from '../../session/lifecycle/states.ts';
import { isUndone } from '../../session/undo/log.ts';
import { weigh } from '../../session/capacity/weight.ts';
import type { Life, Step } from './lives.ts';
import { HOUR, pinOf, START, textOf } from './world.ts';

const STEPS = [
  { type: 'tick' },
  { type: 'settle' },
  { type: 'undo' },
  { type: 'plan' },
  { type: 'dispatch' },
] as const satisfies readonly InsideCommand[];

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/** What a command did beside saying that the agent is there, which a repeat says as well. */
const withoutSign = (decision: Decision): Decision => ({
  ...decision,
  events: (decision.events ?? []).filter(({ type }) => type !== 'agentSeen' && type !== 'agentBack'),
});

/** Lives a random life and checks after everything that happens what must hold at all times. */
export class Model {
  session: Session;
  now = START;
  /** `FROM -> TO`. */
  readonly reached = new Set<string>();
  private readonly governance: Governance;
  private readonly ended = new Map<string, Extract<Event, { type: 'callEnded' }>['answer']>();
  private readonly asked = new Map<string, OutsideCommand & { type: 'call' }>();
  /**
   * Calls with an attempt that may have been sent and whose answer is not known; `cleared` by a person's word, which
   * lasts until it is sent again.
   */
  private readonly maybeSent = new Set<string>();
  private readonly cleared = new Set<string>();
  private accepted: OutsideCommand[] = [];
  private expectedDeadline = 0;
  private pausedFor = 0;
  private recorded = 0;
  private shifted = 0;
  private commands = 0;
  /**
   * How the server of this life keeps state, if it does; its connections by lease, with the boots of their workers;
   * those given up in order.
   */
  private holds: Omit<Lease, 'lease'> | null = null;
  private readonly leases = new Map<string, string>();
  private readonly givenUp = new Set<string>();

  constructor(specification: SessionSpec, rules: Governance) {
    this.governance = rules;
    this.session = deepFreeze(newSession('session-1', specification, START));
  }

  static live({ spec: specification, governance: rules, opens, holds, slots, steps }: Life): Model {
    const model = new Model(specification, rules);
    model.holds = holds && { whenLost: holds, slots };
    model.work();
    if (opens === 'same') model.take({ do: 'opens', how: 'same' });
    for (const each of steps) model.take(each);
    return model;
  }

  /** One step of the life, then all that is due. */
  take(each: Step): void {
    switch (each.do) {
      case 'command':
        this.command(each.command);
        break;
      case 'attemptEnds': {
        const running = this.session.open.filter(({ phase }) => phase === 'running');
        const call = running[each.pick % Math.max(1, running.length)];
        this.apply({ type: 'attemptEnded', callId: call?.callId ?? 'nobody', outcome: deepFreeze(each.outcome) });
        break;
      }
      case 'opens':
        this.opens(each.how);
        break;
      case 'lease':
        this.hear(each.what, each.pick);
        break;
      case 'reopens':
        this.reopens(each.how);
        break;
      case 'resolves': {
        const call = this.session.open[each.pick % Math.max(1, this.session.open.length)];
        this.command({ type: 'resolve', by: this.by(), callId: call?.callId ?? 'nobody', as: each.as });
        break;
      }
      case 'responds': {
        const asking = this.session.open.filter(({ phase }) => phase === 'awaiting_input');
        this.command({
          type: 'respond',
          by: this.by(),
          callId: asking[each.pick % Math.max(1, asking.length)]?.callId ?? 'nobody',
          with: each.with,
        });
        break;
      }
      case 'repeats':
        this.repeats(each.pick, each.otherArgs);
        break;
      case 'inside':
        this.apply(each.command);
        if (each.command.type !== 'reset' && each.command.type !== 'recovered') return;
        break;
      case 'passes':
        this.pass(each.ms);
        break;
      case 'wakes': {
        const next = nextInstant(this.session);
        if (next) this.pass(Math.max(0, next.at - this.now));
        break;
      }
      case 'goesOn':
        this.goesOn(each.as);
        break;
    }
    this.work();
  }

  private goesOn(as: 'succeeded' | 'failed' | 'retry'): void {
    const { state, clock, open, resetAt } = this.session;
    if (resetAt !== null && !isEnded(state))
      return void this.apply({ type: 'recovered', from: 'run-1', actor: 'ann', reason: 'by mistake' });
    if (bindingOf(this.session, 's')?.phase === 'reopening') return this.reopens('same');
    if (state.name === 'INIT' || (state.name === 'RESUMING' && mayOpen(this.session))) return this.opens('same');
    if (state.name === 'PAUSED') {
      if (clock.graceUntil !== null) this.command({ type: 'extend', by: this.by(), ms: HOUR });
      return this.command({ type: 'resume', by: this.by(), acceptChanges: true });
    }
    const doubtful = open.find(({ phase }) => phase === 'in_doubt');
    if (doubtful) return this.command({ type: 'resolve', by: this.by(), callId: doubtful.callId, as });
    const asking = open.find(({ phase }) => phase === 'awaiting_input');
    if (asking) return this.command({ type: 'respond', by: this.by(), callId: asking.callId, with: { sure: true } });
    const running = open.find(({ phase }) => phase === 'running');
    if (running)
      this.apply({
        type: 'attemptEnded',
        callId: running.callId,
        outcome: { kind: 'succeeded', result: textOf('done') },
      });
  }

  private by(): By {
    return { actor: 'ann', reason: 'because', commandId: `own-${(this.commands += 1)}` };
  }

  private pass(ms: number): void {
    this.now += ms;
    if (this.session.state.name === 'PAUSED') this.pausedFor += ms;
  }

  private opens(how: 'same' | 'changed' | 'fails'): void {
    const { name } = this.session.state;
    if ((name !== 'INIT' && name !== 'RESUMING') || !mayOpen(this.session)) return;
    const before = bindingOf(this.session, 's');
    const held =
      before?.phase === 'held'
        ? {
            lease: before.lease,
            slots: before.slots,
            whenLost: before.whenLost,
            holder: { name: before.worker, boot: before.boot, afterDrain: false },
          }
        : this.lease();
    if (how === 'fails') this.apply({ type: 'openFailed', refusal: { code: 'SERVER_UNAVAILABLE', message: 'gone' } });
    else
      this.apply(
        deepFreeze({
          type: 'opened',
          governance: this.governance,
          profileHash: 'profile-v1',
          servers: { s: pinOf(how === 'same' ? EFFECTS : ['idempotent', 'irreversible'], how) },
          ...(held ? { leases: { s: held } } : {}),
        }),
      );
  }

  /** A connection of a worker of its own. */
  private lease(): HeldLease | null {
    if (!this.holds) return null;
    const n = this.leases.size + 1;
    this.leases.set(`lease-${n}`, `holder-boot-${n}`);
    return {
      ...this.holds,
      lease: `lease-${n}`,
      holder: { name: `holder-${n}`, boot: `holder-boot-${n}`, afterDrain: false },
    };
  }

  private reopens(how: 'same' | 'changed' | 'fails' | 'stateless'): void {
    if (bindingOf(this.session, 's')?.phase !== 'reopening') return;
    if (how === 'fails')
      return void this.apply({
        type: 'reopenFailed',
        server: 's',
        refusal: { code: 'SERVER_UNAVAILABLE', message: 'gone' },
      });
    const held = how === 'stateless' ? null : this.lease();
    const { holder, ...lease } = held ?? { holder: { name: 'w1', boot: 'b1', afterDrain: false } };
    this.apply(
      deepFreeze({
        type: 'reopened',
        server: 's',
        pin: pinOf(how === 'changed' ? ['idempotent', 'irreversible'] : EFFECTS, how === 'changed' ? how : 'same'),
        worker: holder,
        lease: 'lease' in lease ? lease : null,
      }),
    );
  }

  private hear(what: Extract<Step, { do: 'lease' }>['what'], which: number): void {
    const binding = bindingOf(this.session, 's');
    const lease = binding?.lease ?? 'none';
    if (what === 'forged') return void this.apply({ type: 'released', server: 's', lease: 'forged' });
    if (what === 'released') {
      if (this.apply({ type: 'released', server: 's', lease }).ok) this.givenUp.add(lease);
      return;
    }
    if (what === 'found')
      return void (
        this.session.state.name === 'RESUMING' &&
        this.apply({ type: 'leaseLost', server: 's', lease, why: 'asked', holderGone: which % 2 === 0 })
      );
    const bound = this.session.open.filter(
      (call) => call.phase === 'running' && typeof call.lease === 'string' && !call.continues?.held,
    );
    const call = bound[which % Math.max(1, bound.length)];
    if (!call?.lease) return;
    const n = call.lease.split('-')[1];
    const worker = { name: `holder-${n}`, boot: `holder-boot-${n}`, afterDrain: false };
    const rest =
      what === 'busy'
        ? { code: 'WORKER_BUSY' as const }
        : {
            code: 'LEASE_LOST' as const,
            leaseLost: true as const,
            ...(what === 'gone' ? { workerLost: true as const } : {}),
          };
    this.apply({
      type: 'attemptEnded',
      callId: call.callId,
      outcome: { kind: 'not_sent', message: what, worker, ...rest },
    });
  }

  private command(command: OutsideCommand): void {
    const wasEnded = isEnded(this.session.state);
    const decision = this.apply(deepFreeze(command));
    if (wasEnded)
      assert.ok(!decision.ok || decision.answer !== undefined, `a session that has ended accepted ${command.type}`);
    if (!decision.ok) return;
    if (command.type === 'call') {
      if (!this.asked.has(command.request.callId)) this.asked.set(command.request.callId, command);
    } else if (decision.events.length > 0 && command.type !== 'heartbeat') this.accepted.push(command);
  }

  /** Repeats an earlier command and an earlier call. */
  private repeats(which: number, otherArgs: boolean): void {
    const earlier = this.accepted.at(-1 - (which % Math.max(1, this.accepted.length)));
    if (earlier)
      assert.deepEqual(
        withoutSign(this.apply(earlier)),
        { ok: true, events: [] },
        'a repeated command id did something',
      );
    const call = [...this.asked.values()][which % Math.max(1, this.asked.size)];
    if (!call) return;
    const { callId } = call.request;
    const answer = this.ended.get(callId);
    if (otherArgs) {
      const { argsRef: _, ...request } = call.request;
      const other = this.apply({ ...call, request: { ...request, args: { other: true } } });
      assert.ok(!other.ok, 'another call under the same id was taken');
      return;
    }
    const decision = withoutSign(this.apply(call));
    const kept = this.session.ended.find((entry) => entry.callId === callId)?.answer;
    if (kept) assert.deepEqual(decision, { ok: true, events: [], answer }, 'a repeated call got another answer');
    else
      assert.ok(
        decision.ok
          ? decision.events.length === 0 && answer === undefined
          : ['ANSWER_EXPIRED', 'SESSION_CLOSED'].includes(decision.refusal.code),
      );
  }

  /** Decides, checks and folds; the session that goes in is frozen, so that whoever writes to it throws. */
  private apply(command: Command): Decision {
    const before = this.session;
    const decision = decide(before, command, this.now);
    assert.deepEqual(decide(before, command, this.now), decision, 'decide is not a function of its arguments');
    for (const event of decision.events ?? []) this.happen(event, command);
    if ((decision.events ?? []).length === 0) assert.equal(this.session, before);
    this.check();
    return decision;
  }

  private happen(event: Event, command: Command): void {
    const before = this.session;
    this.session = deepFreeze(evolve(before, event));
    const call = 'callId' in event ? before.open.find(({ callId }) => callId === event.callId) : undefined;
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
        if (
          !call?.continues?.withdrawn &&
          !(call?.continues && before.state.name === 'AUDIT' && before.state.then.name === 'COMPLETED')
        ) {
          assert.equal(
            before.state.name,
            call?.compensates === undefined || before.state.name === 'RUNNING' ? 'RUNNING' : 'ROLLBACK',
            'an attempt started outside RUNNING that is no compensation',
          );
          if (before.state.name === 'RUNNING')
            assert.equal(before.clock.graceUntil, null, 'an attempt started in the grace period');
        }
        assert.ok(
          before.resetAt === null || call?.continues?.withdrawn,
          'an attempt started in a session that was reset',
        );
        this.bound(event, before);
        assert.equal(call?.phase, 'queued');
        assert.ok(!this.ended.has(event.callId), 'a call ran again after it had ended');
        assert.equal(event.attempt, (call?.attempts ?? 0) + 1);
        assert.ok(
          isRepeatable(event.effect) ||
            !this.maybeSent.has(event.callId) ||
            this.cleared.has(event.callId) ||
            (call && isRepeatable(call.effect)) ||
            call?.continues,
          'sent twice without a person',
        );
        assert.ok(
          this.session.open.filter(({ phase }) => phase === 'running').length <=
            (before.governance?.session.concurrency ?? 0),
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
        if (command.type !== 'attemptEnded' || command.outcome.kind !== 'unknown') break;
        this.maybeSent.add(event.callId);
        this.cleared.delete(event.callId);
        break;
      case 'callResolved':
        assert.equal(call?.phase, 'in_doubt');
        this.cleared.add(event.callId);
        break;
      case 'callEnded':
        this.callEnded(event, before, command);
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
        if (command.type === 'record') this.recorded += command.entry.usage?.microUsd ?? 0;
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
  private bound({ callId, lease }: Extract<Event, { type: 'attemptStarted' }>, before: Session): void {
    const binding = bindingOf(before, 's');
    const call = before.open.find((each) => each.callId === callId);
    if (call?.continues?.held) return;
    assert.equal(lease, binding?.lease ?? null, 'a call went to a connection that the session does not hold');
    if (!binding) return;
    assert.equal(binding.phase, 'held', 'a call went to a server that is lost');
    const running = this.session.open.filter((each) => each.phase === 'running' && typeof each.lease === 'string');
    assert.ok(
      running.filter((each) => each.lease === lease).length <=
        Math.max(binding.slots, running.filter((each) => each.continues?.held).length + 1),
      'more calls than slots',
    );
    for (const each of running)
      if (each.lease !== lease && this.givenUp.has(each.lease ?? ''))
        assert.ok(this.session.goneBoots.includes(this.leases.get(each.lease ?? '') ?? ''), 'a server runs twice');
  }

  private callEnded({ answer }: Extract<Event, { type: 'callEnded' }>, before: Session, command: Command): void {
    const { callId } = answer;
    const call = before.open.find((each) => each.callId === callId);
    assert.ok(call, 'a call ended that was not open');
    assert.ok(!this.ended.has(callId), 'a call ended twice');
    this.ended.set(callId, answer);
    const said =
      command.type === 'attemptEnded' &&
      (command.outcome.kind === 'succeeded' ||
        command.outcome.kind === 'tool_error' ||
        command.outcome.kind === 'failed');
    if (said || command.type === 'resolve' || !this.maybeSent.has(callId)) return;
    assert.notEqual(answer.outcome, 'refused', 'a call that may have been sent is on record as refused');
    assert.ok(isRepeatable(call.effect), 'the end of a call is on record, and nobody knows it');
    assert.ok(
      call.effect === 'read-only' || answer.outcome === 'cancelled',
      'an idempotent call failed, as far as is on record, and nobody knows',
    );
  }

  /** All that is due now, as the workflow does it; it comes to rest soon, and sleeps until something is due. */
  private work(): void {
    const bound =
      20 +
      6 *
        (this.session.open.length +
          (this.session.spec.plan ?? []).flatMap((each): readonly PlanStep[] =>
            'parallel' in each ? [...each.parallel, each] : [each],
          ).length) +
      6 * this.session.undo.last;
    let count = 0;
    for (let events = 1; events > 0;) {
      events = 0;
      for (const each of STEPS) {
        const decision = this.apply(each);
        if (decision.ok) events += decision.events.length;
      }
      count += events;
      assert.ok(count <= bound, `${count} events at one instant, and no rest`);
    }
    const next = nextInstant(this.session);
    const { state, governance: rules } = this.session;
    if (next) {
      assert.ok(next.at > this.now, `the next instant (${next.what}) has passed: a timer would fire for ever`);
      assert.ok(
        !this.isDue(this.now + Math.floor((next.at - this.now) / 2)) || next.at - this.now < 2,
        'something is due before the next instant',
      );
      assert.ok(this.isDue(next.at), `nothing is due at the next instant (${next.what})`);
    } else {
      assert.ok(
        state.name !== 'RUNNING' && (state.name !== 'PAUSED' || rules?.session.pausedTimeCounts === false),
        `nothing will ever wake a session in ${state.name}`,
      );
    }
  }

  private isDue(at: number): boolean {
    return STEPS.some((each) => {
      const decision = decide(this.session, each, at);
      return decision.ok && decision.events.length > 0;
    });
  }

  private check(): void {
    const { session } = this;
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
      Array.from({ length: session.undo.last }, (_, index) => index + 1),
      'the undo log has gaps',
    );
    assert.ok(session.weight >= weigh(session), 'the session carries more than it knows');
    assert.equal(new Set(session.open.map(({ callId }) => callId)).size, session.open.length);
    const counted = session.ended.filter(
      ({ callId, outcome, attempts }) => !callId.startsWith('undo/') && (outcome !== 'refused' || attempts > 0),
    ).length;
    assert.equal(
      session.counts.calls,
      session.open.filter(({ compensates }) => compensates === undefined).length + counted + countOlder(session.older),
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
}
