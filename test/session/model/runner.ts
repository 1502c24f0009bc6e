import assert from 'node:assert/strict';
import { isEnded } from '../../../session/lifecycle/states.ts';
import type { CommandOf } from '../../../session/commands.ts';
import type { Intent } from '../../../protocol/calls/call.ts';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { type Advanced, advance, type Input } from '../../../session/advance.ts';
import { newSession } from '../../../session/begin.ts';
import { toCarry } from '../../../session/capacity/carried.ts';
import type { Effect } from '../../../session/effects.ts';
import { evolve } from '../../../session/evolve.ts';
import type { Fact } from '../../../session/facts.ts';
import { type HistoryFacts, newRun, type Run } from '../../../session/run.ts';
import type { Session } from '../../../session/session.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import { isLeaving, turn } from '../../../session/turn.ts';
import { ApprovalBook } from './approvals/book.ts';
import { Clerk } from './clerk.ts';
import { inputOf, START } from '../world.ts';
import { Post } from './notices/post.ts';
import { Till } from './money/till.ts';
import { Shelf } from './reviews/shelf.ts';
import { Witness } from './witness.ts';

/** What a run of the model is held to. */
export const RUN = { eventsPerRun: 2000, undoBytes: 200 };

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/**
 * Runs a session as the workflow does: hands `advance` what comes in, does what it wants done, and begins a new run
 * when it says so. Checks after everything that happens what must hold at all times.
 */
export abstract class Runner {
  run: Run;
  now = START;
  protected readonly witness = new Witness();
  protected readonly clerk = new Clerk();
  protected readonly book = new ApprovalBook();
  protected readonly till = new Till();
  protected readonly shelf = new Shelf();
  protected readonly post = new Post();
  private readonly asked = new Map<string, CommandOf<'call'>>();
  private accepted: Exclude<OutsideCommand, { type: 'call' }>[] = [];
  /** What each attempt under way is to do, by call. */
  protected readonly intents = new Map<string, Intent>();
  protected events = 0;
  protected left: 'ended' | 'continue' | undefined;

  constructor(specification: SessionSpec) {
    const session = newSession('session-1', specification, START);
    this.run = deepFreeze(newRun({ session, record: 0, runs: 1, chain: 'run-1' }, RUN));
  }

  protected get session(): Session {
    return this.run.session;
  }

  protected learn(fact: Fact): Advanced {
    return this.apply(inputOf(fact));
  }

  protected command(command: OutsideCommand): void {
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
  protected repeats(which: number, otherArgs: boolean): void {
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
      assert.ok(['ANSWER_EXPIRED', 'SESSION_ENDED'].includes(reply.refusal.code));
    else assert.ok(this.didBeside().length === 0 && answer === undefined, 'a call under way was taken again');
  }

  /** What the last input did beside saying that the agent is there, which a repeat says as well. */
  private didBeside(): readonly string[] {
    return this.run.happened.map(({ type }) => type).filter((type) => type !== 'agentSeen' && type !== 'agentBack');
  }

  /** Hands it over, checks and folds; what goes in is frozen, so that whoever writes to it throws. */
  protected apply(input: Input): Advanced {
    const before = this.run;
    const advanced = advance(before, input, this.now);
    assert.deepEqual(advance(before, input, this.now), advanced, 'advance is not a function of its arguments');
    this.run = deepFreeze(advanced.run);
    let session = before.session;
    for (const event of this.run.happened) {
      const after = deepFreeze(evolve(session, event));
      this.witness.sees(event, session, after, input);
      this.book.sees(event, session, input);
      this.till.sees(event, session, input, this.now);
      this.shelf.sees(event, session, input);
      session = after;
    }
    const { tally, weight } = this.run.session;
    const counted = { ...session, tally, weight };
    assert.deepEqual(this.run.session, counted, 'the session changed by something else than events and records');
    this.witness.check(this.run.session);
    this.book.check(this.run.session);
    this.till.check(this.run.session, this.now);
    this.shelf.check(this.run.session);
    this.clerk.takes(before, input, advanced);
    this.post.sees(input, advanced);
    for (const effect of advanced.effects) this.interpret(effect);
    return advanced;
  }

  /** What the shell does at once; of the rest the life decides when it is over. */
  private interpret(effect: Effect): void {
    switch (effect.type) {
      case 'attempt':
        return void this.intents.set(effect.intent.callId, effect.intent);
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
  protected work(): void {
    for (let turns = 0; this.left !== 'ended'; turns += 1) {
      assert.ok(turns < 50, 'a session never comes to rest');
      const before = this.run;
      const { effects } = this.apply({ type: 'turn', history: this.history() });
      if (this.left === 'continue') this.continueAsNew();
      else if (this.left === undefined && isEnded(this.session.state) && this.post.isUnderWay)
        this.apply({ type: 'passedOn' });
      else if (this.run === before || (this.run.happened.length === 0 && effects.length === 0)) break;
    }
    if (this.left !== 'ended' && !isLeaving(this.run)) this.sleeps();
  }

  private continueAsNew(): void {
    this.left = undefined;
    this.events = 0;
    this.clerk.newRun();
    this.post.newRun();
    const carried = toCarry(this.run);
    const copy = JSON.parse(JSON.stringify(carried)) as typeof carried;
    assert.deepEqual(copy, carried, 'what is carried is not JSON');
    assert.ok(JSON.stringify(carried).length < 2 * 1024 * 1024, 'more is carried than Temporal takes');
    this.run = deepFreeze(newRun({ ...copy, runs: copy.runs + 1 }, RUN));
  }

  protected sleeps(): void {
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
