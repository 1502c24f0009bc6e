import {
  allHandlersFinished,
  CancellationScope,
  condition,
  patched,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { recordOfCommand } from '../session/agents/records.ts';
import type { AttemptOutcome } from '../protocol/call.ts';
import type { Carried } from '../session/capacity/carried.ts';
import type { Command } from '../session/commands.ts';
import type { By, OutsideCommand } from '../protocol/commands.ts';
import { type Decision, decide, mayOpen, nextInstant } from '../session/decide.ts';
import type { Event } from '../session/events.ts';
import type { Refusal } from '../protocol/errors.ts';
import { evolve } from '../session/evolve.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ForkOf } from '../protocol/session-input.ts';
import { intentOf } from '../session/calls/intent.ts';
import { recordOf } from '../session/records.ts';
import { bindingOf } from '../session/servers/binding.ts';
import { hasRunning, isRunning, type OpenCall, type Session } from '../session/session.ts';
import { isEnded } from '../session/lifecycle/states.ts';
import { pageNeeded } from '../session/undo/log.ts';
import { detailsOf, type SessionView, shortViewOf } from '../session/view.ts';
import { Alarm } from './alarm.ts';
import { type Bound, makeAttempt, seekOutcome } from './attempt.ts';
import { Holders } from './holders.ts';
import type { AttachReply, CallReply, CommandReply } from '../protocol/replies.ts';
import type { Starter, Tuning } from '../protocol/session-input.ts';
import { openAll, reopen } from './opening.ts';
import { replyTo } from './reply.ts';
import { showState } from './showState.ts';
import { AuditTrail } from './trail.ts';
import { pageToWrite, readPage, writePage } from './undoPages.ts';

const RECALL_WAIT = 60_000;
/** Calls of each kind that the answer to `attach` lists. */
const ATTACH_CALLS = 50;
const AGENT_COMMANDS: ReadonlySet<OutsideCommand['type']> = new Set(['attach', 'saveState', 'record', 'heartbeat']);
const STEPS = [
  { type: 'tick' },
  { type: 'settle' },
  { type: 'undo' },
  { type: 'plan' },
  { type: 'dispatch' },
] as const satisfies readonly Command[];

/**
 * One run of a session: the shell around `decide` and `evolve`. Handlers only enqueue; one loop works (D3).
 *
 * Invariants:
 * (a) the session changes in `apply` alone;
 * (b) at most one memo and one search attribute update leave in a pass of the loop (`flush`);
 * (c) continue-as-new happens with nothing in flight and no handler waiting (D5).
 */
export class SessionRun {
  private session: Session;
  private readonly trail: AuditTrail;
  private readonly runs: number;
  private readonly tuning: Tuning;
  private attempts = 0;
  /** Of all attempts under way, as they are only ever cancelled together. */
  private attemptScope: CancellationScope | undefined;
  private opening = false;
  /** A page of the undo log is being read or written. */
  private paging = false;
  private reopening = 0;
  private readonly holders: Holders;
  private draining = false;
  private dirty = true;
  private moved = true;
  private readonly alarm = new Alarm(() => {
    this.dirty = true;
  });

  constructor(carried: Carried, tuning: Tuning) {
    this.session = carried.session;
    this.trail = new AuditTrail(carried.record);
    this.runs = carried.runs;
    this.tuning = tuning;
    this.holders = new Holders(carried.session.id);
  }

  get state(): Carried {
    return { session: this.session, record: this.trail.number, runs: this.runs };
  }

  /** Works until the session has ended, or until it is time for the next run. */
  async work(): Promise<'ended' | 'continue'> {
    for (;;) {
      this.step();
      const idle = this.attempts === 0 && !this.opening && this.reopening === 0 && !this.paging && this.trail.isWritten;
      const leaving = isEnded(this.session.state) || this.draining;
      if (leaving && idle && allHandlersFinished()) return isEnded(this.session.state) ? 'ended' : 'continue';
      await condition(() => this.dirty || (leaving && idle && allHandlersFinished()));
    }
  }

  /** A command from outside. A refusal is an answer, and on record. */
  command(command: OutsideCommand, via: 'signal' | 'update'): CommandReply {
    const decision = this.apply(command);
    if (!decision.ok) return this.refused(decision.refusal, command.by, command.type, via);
    if (via === 'update') this.trail.next();
    else this.numberSignal(command, decision.events);
    return { ok: true, state: this.session.state.name, record: this.trail.number };
  }

  /**
   * A signal has no answer that could show a number: what follows from it has one, and what an agent tells is noted.
   */
  private numberSignal(command: OutsideCommand, events: readonly Event[]): void {
    const tells = events.some(({ type }) => type === 'attached' || type === 'stateSaved' || type === 'recorded');
    const record = tells ? recordOfCommand(command) : undefined;
    if (record) this.trail.note(record);
    // Sessions of 0.1.0 counted one here, which left a gap in the numbers.
    else if (!AGENT_COMMANDS.has(command.type) && !patched('signals-without-number')) this.trail.next();
  }

  /** The answer to an agent that attached. */
  attached(reply: Extract<CommandReply, { ok: true }>): AttachReply<SessionView> {
    const { agentState, open } = this.session;
    return {
      ...reply,
      view: shortViewOf(this.session, this.runs, ATTACH_CALLS),
      agentState,
      moreOpen: Math.max(0, open.length - ATTACH_CALLS),
    };
  }

  /** Temporal began this run anew from an earlier point (L11). */
  reset(): void {
    this.apply({ type: 'reset' });
  }

  /** Begins at a checkpoint of another session (L9). */
  forked({ parent, at, by }: ForkOf): void {
    this.apply({ type: 'forked', parent, at, ...by });
  }

  /** Another session says that it was forked from this one. */
  forkedInto(fork: string, at: string, { actor, reason }: Starter): void {
    this.trail.note({
      layer: 'session',
      kind: 'forked',
      text: `into ${fork} at checkpoint ${at}: ${reason}`,
      by: actor,
    });
    this.dirty = true;
  }

  /**
   * Goes on where an earlier run was lost (L11). Of attempts that were under way the session's workers may know the
   * outcome.
   */
  recover(from: string, { actor, reason }: Starter): void {
    this.apply({ type: 'recovered', from, actor, reason });
    for (const call of this.session.open.filter(isRunning)) {
      const intent = intentOf(this.session, call, call.attempts);
      if (intent)
        this.await(
          call.callId,
          seekOutcome(
            { record: this.trail.number, ...intent },
            Object.keys(this.session.workers),
            this.tuning.recallWait ?? RECALL_WAIT,
          ),
        );
    }
  }

  /** Something that is no command. */
  malformed(
    problem: string,
    by: By,
    name: string,
    via: 'signal' | 'update',
    code: 'MALFORMED_COMMAND' | 'UNKNOWN_COMMAND' = 'MALFORMED_COMMAND',
  ): CommandReply {
    this.dirty = true;
    return this.refused({ code, message: problem }, by, name, via);
  }

  /**
   * A worker says that it gives a server up. Who else says so finds that it is not believed, or opens a server anew.
   */
  released(server: string, lease: string, by: By): void {
    const decision = this.apply({ type: 'released', server, lease });
    if (!decision.ok) this.refused(decision.refusal, by, 'released', 'signal');
  }

  /** A call from outside: answered when it ends, or parked when it must wait for longer than a call takes. */
  async call(command: Extract<OutsideCommand, { type: 'call' }>): Promise<CallReply> {
    const decision = this.apply(command);
    if (!decision.ok) return { status: 'refused', refusal: decision.refusal, record: this.trail.next() };
    if (decision.answer) return { status: 'answered', answer: decision.answer };
    const { callId } = command.request;
    let reply: CallReply | undefined;
    await condition(() => (reply = this.reply(callId)) !== undefined);
    return reply as CallReply;
  }

  /** What the caller of an accepted call can be told now; undefined while it should wait. */
  reply(callId: string): CallReply | undefined {
    return replyTo(this.session, callId, this.draining, this.trail.number);
  }

  private refused(refusal: Refusal, by: By, name: string, via: 'signal' | 'update'): CommandReply {
    // The history shows an update's refusal as its result; a signal has none.
    if (via === 'signal')
      this.trail.note({
        layer: 'compliance',
        kind: 'refused',
        text: `${name}: ${refusal.code}: ${refusal.message}`,
        by: by.actor,
      });
    else this.trail.next();
    return { ok: false, refusal, record: this.trail.number };
  }

  private apply(command: Command): Decision {
    const decision = decide(this.session, command, Date.now());
    for (const event of decision.events ?? []) this.happen(event);
    this.dirty = true;
    return decision;
  }

  private happen(event: Event): void {
    this.session = evolve(this.session, event);
    const record = recordOf(event);
    if (record) this.trail.note(record);
    if (
      event.type === 'moved' ||
      event.type === 'extended' ||
      event.type === 'callInDoubt' ||
      event.type === 'callAsks' ||
      event.type === 'callResponded' ||
      event.type === 'callResolved' ||
      event.type === 'deadlineShifted'
    )
      this.moved = true;
  }

  /** Does all that is due now, until nothing follows any more. */
  private step(): void {
    this.dirty = false;
    const started: { readonly callId: string; readonly attempt: number }[] = [];
    const reopened: string[] = [];
    for (let events = 1; events > 0;) {
      events = 0;
      this.draining ||= this.mustContinue();
      for (const command of STEPS) {
        if (this.draining && (command.type === 'dispatch' || command.type === 'undo')) continue;
        const decision = this.apply(command);
        if (!decision.ok) continue;
        events += decision.events.length;
        for (const event of decision.events) {
          if (event.type === 'attemptStarted') started.push(event);
          if (event.type === 'reopenStarted') reopened.push(event.server);
        }
      }
    }
    this.dirty = false;
    const { name } = this.session.state;
    if (
      (name === 'INIT' || name === 'RESUMING') &&
      !this.opening &&
      this.reopening === 0 &&
      !this.draining &&
      mayOpen(this.session)
    )
      this.open();
    if (!this.paging) this.page();
    this.flush();
    for (const server of reopened) this.reopen(server);
    for (const { callId, attempt } of started) this.start(callId, attempt);
    this.cancelWhatMustStop();
    this.armTimer();
  }

  /** In the background: one attempt of a call, and what it means for the session. */
  private start(callId: string, attempt: number): void {
    const call = this.session.open.find((each) => each.callId === callId);
    const intent = call && intentOf(this.session, call, attempt);
    if (!intent) return;
    const make = () =>
      makeAttempt(
        { record: this.trail.next(), ...intent, runId: workflowInfo().runId },
        this.tuning.recallWait ?? RECALL_WAIT,
        this.boundOf(call),
      );
    // What tells a server that its question is cancelled is not cancelled itself.
    this.await(
      callId,
      intent.continues?.withdrawn ? make() : (this.attemptScope ??= new CancellationScope()).run(make),
    );
  }

  private await(callId: string, ending: Promise<AttemptOutcome>): void {
    this.attempts += 1;
    void ending.then((outcome) => {
      this.attempts -= 1;
      this.apply({ type: 'attemptEnded', callId, outcome });
    });
  }

  /** The worker that a call is bound to. */
  private boundOf({ server, lease, trouble, continues }: OpenCall): Bound | undefined {
    const binding = bindingOf(this.session, server);
    if (typeof lease !== 'string' || binding?.lease !== lease || continues?.held) return undefined;
    return {
      binding,
      isBusy: trouble?.code === 'WORKER_BUSY',
      isHeld: () => {
        const now = bindingOf(this.session, server);
        return now?.lease === lease && now.phase === 'held';
      },
      ask: () => this.holders.ask(server, binding),
    };
  }

  private reopen(server: string): void {
    this.reopening += 1;
    void reopen(this.session.id, server).then((command) => {
      this.reopening -= 1;
      this.apply(command);
    });
  }

  private open(): void {
    this.opening = true;
    void openAll(this.session).then((commands) => {
      this.opening = false;
      for (const command of commands) this.apply(command);
    });
  }

  /** Reads the page that a rollback needs; writes one where the undo log is too long to be carried on. */
  private page(): void {
    const needed = this.draining ? undefined : pageNeeded(this.session);
    const full =
      this.draining && !isEnded(this.session.state) ? pageToWrite(this.session, this.tuning.undoBytes) : undefined;
    const work = needed ? readPage(needed) : full ? writePage(full) : undefined;
    if (!work) return;
    this.paging = true;
    void work.then((command) => {
      this.paging = false;
      this.apply(command);
    });
  }

  private cancelWhatMustStop(): void {
    const { state, governance } = this.session;
    const paused = state.name === 'PAUSED' && governance?.session.onPause === 'cancel';
    const ending =
      state.name === 'AUDIT' &&
      (state.then.name === 'TIMEOUT' || (state.then.name === 'FAILED' && state.then.code === 'SESSION_CANCELLED'));
    if (!paused && !ending) return;
    this.attemptScope?.cancel();
    this.attemptScope = undefined;
  }

  private armTimer(): void {
    const next = isEnded(this.session.state) || this.draining ? undefined : nextInstant(this.session);
    if (next) this.alarm.set(next);
  }

  private mustContinue(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    const soft = this.tuning.eventsPerRun ?? LIMITS.eventsPerRun;
    return (
      continueAsNewSuggested ||
      historyLength >= 2 * soft ||
      (historyLength >= soft && !hasRunning(this.session) && !this.opening && this.reopening === 0)
    );
  }

  private flush(): void {
    this.trail.write(() => {
      this.dirty = true;
    });
    if (this.moved) showState(this.session);
    this.moved = false;
    setCurrentDetails(detailsOf(this.session));
  }
}
