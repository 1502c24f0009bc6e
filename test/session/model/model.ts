import assert from 'node:assert/strict';
import { EFFECTS } from '../../../protocol/calls/call.ts';
import type { By } from '../../../protocol/by.ts';
import type { Governance } from '../../../protocol/governance.ts';
import type { Lease } from '../../../protocol/calls/lease.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { type Advanced, advance, type Input } from '../../../session/advance.ts';
import { newSession } from '../../../session/begin.ts';
import { isRunning, restOf } from '../../../session/calls/state.ts';
import { toCarry } from '../../../session/capacity/carried.ts';
import type { CommandOf } from '../../../session/commands.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { Effect } from '../../../session/effects.ts';
import { evolve } from '../../../session/evolve.ts';
import type { Fact } from '../../../session/facts.ts';
import { isEnded } from '../../../session/lifecycle/states.ts';
import { type HistoryFacts, newRun, type Run } from '../../../session/run.ts';
import { bindingOf, type HeldLease } from '../../../session/servers/binding.ts';
import type { Session } from '../../../session/session.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import { isLeaving, turn } from '../../../session/turn.ts';
import { Clerk } from './clerk.ts';
import type { Life, Step } from './lives.ts';
import { HOUR, inputOf, pinOf, START, textOf } from '../world.ts';
import { Witness } from './witness.ts';

const RUN = { eventsPerRun: 2000, undoBytes: 200 };

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/**
 * Lives a random life, as the workflow lives it: hands `advance` what comes in, does what it wants done, and begins a
 * new run when it says so. Checks after everything that happens what must hold at all times.
 */
export class Model {
  run: Run;
  now = START;
  private readonly witness = new Witness();
  private readonly clerk = new Clerk();
  private readonly governance: Governance;
  private readonly asked = new Map<string, CommandOf<'call'>>();
  private accepted: Exclude<OutsideCommand, { type: 'call' }>[] = [];
  private commands = 0;
  private events = 0;
  private left: 'ended' | 'continue' | undefined;
  /** How the server of this life keeps state, if it does. */
  private holds: Omit<Lease, 'lease'> | null = null;

  constructor(specification: SessionSpec, rules: Governance) {
    this.governance = rules;
    const session = newSession('session-1', specification, START);
    this.run = deepFreeze(newRun({ session, record: 0, runs: 1, chain: 'run-1' }, RUN));
  }

  static live({ spec: specification, governance: rules, opens, holds, slots, steps }: Life): Model {
    const model = new Model(specification, rules);
    model.holds = holds && { whenLost: holds, slots };
    model.work();
    if (opens === 'same') model.take({ do: 'opens', how: 'same' });
    for (const each of steps) model.take(each);
    model.clerk.check(model.run);
    return model;
  }

  get reached(): ReadonlySet<string> {
    return this.witness.reached;
  }

  private get session(): Session {
    return this.run.session;
  }

  /** One step of the life, then all that is due. */
  take(each: Step): void {
    if (this.left === 'ended') return;
    switch (each.do) {
      case 'command':
        this.command(each.command);
        break;
      case 'attemptEnds': {
        const running = this.session.open.filter(isRunning);
        const { callId = 'nobody' } = running[each.pick % Math.max(1, running.length)] ?? {};
        this.learn({ type: 'attemptEnded', callId, outcome: deepFreeze(each.outcome) });
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
        const { callId = 'nobody' } = asking[each.pick % Math.max(1, asking.length)] ?? {};
        this.command({ type: 'respond', by: this.by(), callId, with: each.with });
        break;
      }
      case 'repeats':
        this.repeats(each.pick, each.otherArgs);
        break;
      case 'learns':
        if (each.fact.type === 'recovered') this.recovered(each.fact);
        else this.learn(each.fact);
        break;
      case 'cancels':
        this.learn({ type: 'cancelled', runId: `run-${this.run.runs}` });
        break;
      case 'turns':
        break;
      case 'grows':
        this.events = each.events;
        break;
      case 'passes':
        this.pass(each.ms);
        break;
      case 'wakes': {
        const next = nextInstant(this.session);
        if (next) this.pass(Math.max(0, next.at - this.now));
        this.apply({ type: 'timerFired' });
        break;
      }
      case 'goesOn':
        this.goesOn(each.as);
        break;
      default:
        each satisfies never;
    }
    this.work();
  }

  private goesOn(as: 'succeeded' | 'failed' | 'retry'): void {
    const { state, clock, open, resetAt } = this.session;
    if (resetAt !== null && !isEnded(state))
      return this.recovered({ type: 'recovered', from: 'run-1', actor: 'ann', reason: 'by mistake' });
    if (bindingOf(this.session, 's')?.phase === 'reopening') return this.reopens('same');
    if (this.run.opening !== null) return this.opens('same');
    if (state.name === 'PAUSED') {
      if (clock.graceUntil !== null) this.command({ type: 'extend', by: this.by(), ms: HOUR });
      return this.command({ type: 'resume', by: this.by(), acceptChanges: true });
    }
    const doubtful = open.find(({ phase }) => phase === 'in_doubt');
    if (doubtful) return this.command({ type: 'resolve', by: this.by(), callId: doubtful.callId, as });
    const asking = open.find(({ phase }) => phase === 'awaiting_input');
    if (asking) return this.command({ type: 'respond', by: this.by(), callId: asking.callId, with: { sure: true } });
    const running = open.find(isRunning);
    const outcome = { kind: 'succeeded', result: textOf('done') } as const;
    if (running) this.learn({ type: 'attemptEnded', callId: running.callId, outcome });
  }

  private by(): By {
    return { actor: 'ann', reason: 'because', commandId: `own-${(this.commands += 1)}` };
  }

  private pass(ms: number): void {
    this.now += ms;
    if (this.session.state.name === 'PAUSED') this.witness.pausedFor += ms;
  }

  /** A new run takes over what the last one had. */
  private recovered(fact: Fact): void {
    const { session, record, runs, chain } = this.run;
    this.clerk.newRun();
    this.run = deepFreeze(newRun({ session, record, runs: runs + 1, chain }, RUN));
    this.learn(fact);
  }

  /** What an opening brings that is under way. */
  private opens(how: 'same' | 'changed' | 'fails'): void {
    if (this.run.opening === null) return;
    if (how === 'fails')
      return void this.learn({ type: 'openFailed', refusal: { code: 'SERVER_UNAVAILABLE', message: 'gone' } });
    const before = bindingOf(this.session, 's');
    const held = before?.phase === 'held' ? heldBy(before) : this.lease();
    this.learn(
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
    const n = this.witness.leases.size + 1;
    const [lease, boot] = [`lease-${n}`, `holder-boot-${n}`];
    this.witness.leases.set(lease, boot);
    return { ...this.holds, lease, holder: { name: `holder-${n}`, boot, afterDrain: false } };
  }

  private reopens(how: 'same' | 'changed' | 'fails' | 'stateless'): void {
    if (!this.run.reopened.includes('s')) return;
    const refusal = { code: 'SERVER_UNAVAILABLE', message: 'gone' } as const;
    if (how === 'fails') return void this.learn({ type: 'reopenFailed', server: 's', refusal });
    const held = how === 'stateless' ? null : this.lease();
    const { holder, ...lease } = held ?? { holder: { name: 'w1', boot: 'b1', afterDrain: false } };
    const isChanged = how === 'changed';
    const pin = pinOf(isChanged ? ['idempotent', 'irreversible'] : EFFECTS, isChanged ? how : 'same');
    const reopened = { type: 'reopened', server: 's', pin, worker: holder } as const;
    this.learn(deepFreeze({ ...reopened, lease: 'lease' in lease ? lease : null }));
  }

  private hear(what: Extract<Step, { do: 'lease' }>['what'], which: number): void {
    const binding = bindingOf(this.session, 's');
    const lease = binding?.lease ?? 'none';
    if (what === 'forged') return void this.learn({ type: 'released', server: 's', lease: 'forged' });
    if (what === 'released') {
      this.learn({ type: 'released', server: 's', lease });
      if (binding) this.witness.givenUp.add(lease);
      return;
    }
    if (what === 'found') {
      if (this.session.state.name !== 'RESUMING') return;
      return void this.learn({ type: 'leaseLost', server: 's', lease, why: 'asked', holderGone: which % 2 === 0 });
    }
    const bound = this.session.open
      .filter(isRunning)
      .filter((call) => call.lease !== null && !restOf(call)?.continuation.held);
    const call = bound[which % Math.max(1, bound.length)];
    if (!call?.lease) return;
    const n = call.lease.split('-')[1];
    const worker = { name: `holder-${n}`, boot: `holder-boot-${n}`, afterDrain: false };
    const busy = { code: which % 2 === 0 ? 'WORKER_BUSY' : 'HELD_ELSEWHERE' } as const;
    const gone = {
      code: 'LEASE_LOST',
      leaseLost: true,
      ...(what === 'gone' ? { workerLost: true as const } : {}),
    } as const;
    const outcome = { kind: 'not_sent', message: what, worker, ...(what === 'busy' ? busy : gone) } as const;
    this.learn({ type: 'attemptEnded', callId: call.callId, outcome });
  }

  private learn(fact: Fact): Advanced {
    return this.apply(inputOf(fact));
  }

  private command(command: OutsideCommand): void {
    const wasEnded = isEnded(this.session.state);
    const before = this.run.happened;
    const { reply } = this.apply(inputOf(deepFreeze(command)));
    const isRefused = reply && ('ok' in reply ? !reply.ok : reply.status === 'refused');
    const isAnswer = reply && 'status' in reply && reply.status === 'answered';
    if (wasEnded) assert.ok(isRefused || isAnswer, `a session that has ended accepted ${command.type}`);
    if (isRefused) return;
    if (command.type === 'call') {
      if (!this.asked.has(command.request.callId)) this.asked.set(command.request.callId, command);
    } else if (this.run.happened !== before && this.run.happened.length > 0 && command.type !== 'heartbeat')
      this.accepted.push(command);
  }

  /** Repeats an earlier command and an earlier call. */
  private repeats(which: number, otherArgs: boolean): void {
    const earlier = this.accepted.at(-1 - (which % Math.max(1, this.accepted.length)));
    if (earlier) {
      const { reply } = this.apply(inputOf(earlier));
      assert.ok(reply && 'ok' in reply && reply.ok, 'a repeated command id was refused');
      assert.deepEqual(this.didBeside(), [], 'a repeated command id did something');
    }
    const call = [...this.asked.values()][which % Math.max(1, this.asked.size)];
    if (!call) return;
    const { callId } = call.request;
    if (otherArgs) {
      const { argsRef: _, ...request } = call.request;
      const { reply } = this.apply(inputOf({ ...call, request: { ...request, args: { other: true } } }));
      assert.ok(reply && 'status' in reply && reply.status === 'refused', 'another call under the same id was taken');
      return;
    }
    const kept = this.session.ended.find((entry) => entry.callId === callId)?.answer;
    const { reply } = this.apply(inputOf(call));
    const answer = this.witness.ended.get(callId);
    if (kept) return assert.deepEqual(reply, { status: 'answered', answer }, 'a repeated call got another answer');
    if (reply && 'status' in reply && reply.status === 'refused')
      assert.ok(['ANSWER_EXPIRED', 'SESSION_CLOSED'].includes(reply.refusal.code));
    else assert.ok(this.didBeside().length === 0 && answer === undefined, 'a call under way was taken again');
  }

  /** What the last input did beside saying that the agent is there, which a repeat says as well. */
  private didBeside(): readonly string[] {
    return this.run.happened.map(({ type }) => type).filter((type) => type !== 'agentSeen' && type !== 'agentBack');
  }

  /** Hands it over, checks and folds; what goes in is frozen, so that whoever writes to it throws. */
  private apply(input: Input): Advanced {
    const before = this.run;
    const advanced = advance(before, input, this.now);
    assert.deepEqual(advance(before, input, this.now), advanced, 'advance is not a function of its arguments');
    this.run = deepFreeze(advanced.run);
    let session = before.session;
    for (const event of this.run.happened) {
      const after = deepFreeze(evolve(session, event));
      this.witness.sees(event, session, after, input);
      session = after;
    }
    assert.deepEqual(this.run.session, session, 'the session changed by something else than events');
    this.witness.check(this.run.session);
    this.clerk.takes(before, input, advanced);
    for (const effect of advanced.effects) this.interpret(effect);
    return advanced;
  }

  /** What the shell does at once; of the rest the life decides when it is over. */
  private interpret(effect: Effect): void {
    switch (effect.type) {
      case 'writePage': {
        const ref = this.clerk.keep(effect.page);
        return void this.learn({ type: 'pageWritten', ref, upTo: effect.page.entries.at(-1)?.n ?? 0 });
      }
      case 'readPage':
        return void this.learn({ type: 'pageRead', page: this.clerk.page(effect.ref) });
      case 'close':
        return void this.apply({ type: 'closingOver' });
      case 'leave':
        this.left = effect.how;
        return;
      default:
    }
  }

  private history(): HistoryFacts {
    return { events: this.events, bytes: 0, isLong: false, isQuiet: this.run.waiting.length === 0 };
  }

  /** All that is due now, as the workflow does it; it comes to rest soon, and sleeps until something is due. */
  private work(): void {
    for (let turns = 0; this.left !== 'ended'; turns += 1) {
      assert.ok(turns < 50, 'a session never comes to rest');
      const before = this.run;
      const { effects } = this.apply({ type: 'turn', history: this.history() });
      if (this.left === 'continue') this.continueAsNew();
      else if (this.run === before || (this.run.happened.length === 0 && effects.length === 0)) break;
    }
    if (this.left !== 'ended' && !isLeaving(this.run)) this.sleeps();
  }

  private continueAsNew(): void {
    this.left = undefined;
    this.events = 0;
    this.clerk.newRun();
    const carried = toCarry(this.run);
    const copy = JSON.parse(JSON.stringify(carried)) as typeof carried;
    assert.deepEqual(copy, carried, 'what is carried is not JSON');
    assert.ok(JSON.stringify(carried).length < 2 * 1024 * 1024, 'more is carried than Temporal takes');
    this.run = deepFreeze(newRun({ ...copy, runs: copy.runs + 1 }, RUN));
  }

  private sleeps(): void {
    const next = nextInstant(this.session);
    const { state, governance: rules } = this.session;
    if (!next) {
      assert.ok(
        state.name !== 'RUNNING' && (state.name !== 'PAUSED' || rules?.session.pausedTimeCounts === false),
        `nothing will ever wake a session in ${state.name}`,
      );
      return;
    }
    assert.ok(next.at > this.now, `the next instant (${next.what}) has passed: a timer would fire for ever`);
    assert.ok(this.run.wakeAt !== null && this.run.wakeAt <= next.at, `no timer is set for the ${next.what}`);
    const half = this.now + Math.floor((next.at - this.now) / 2);
    assert.ok(!this.isDue(half) || next.at - this.now < 2, 'something is due before the next instant');
    assert.ok(this.isDue(next.at), `nothing is due at the next instant (${next.what})`);
  }

  private isDue(at: number): boolean {
    return turn({ ...this.run, happened: [] }, { ...this.history(), isQuiet: false }, at).run.happened.length > 0;
  }
}

const heldBy = ({ lease, slots, whenLost, worker, boot }: NonNullable<ReturnType<typeof bindingOf>>): HeldLease => ({
  lease,
  slots,
  whenLost,
  holder: { name: worker, boot, afterDrain: false },
});
