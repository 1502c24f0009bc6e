import { allHandlersFinished, CancellationScope, condition, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { OutsideCommand } from '../protocol/commands.ts';
import type { CallReply, CommandReply } from '../protocol/replies.ts';
import { LIMITS } from '../protocol/limits.ts';
import { advance, type Input, type Via } from '../session/advance.ts';
import type { Carried } from '../session/capacity/carried.ts';
import type { CommandOf } from '../session/commands.ts';
import type { Effect } from '../session/effects.ts';
import type { Fact } from '../session/facts.ts';
import { isEnded } from '../session/lifecycle/states.ts';
import { newRun, type Run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { mayLeave } from '../session/turn.ts';
import { startedByOf } from '../session/view/view.ts';
import { linesOf } from '../session/view/details.ts';
import { Alarm } from './effects/alarm.ts';
import { makeAttempt } from './effects/attempt.ts';
import { closeConnections } from './effects/closing.ts';
import { drawOn } from './effects/draw.ts';
import { Hearing } from './effects/hearing.ts';
import { Holders } from './effects/holders.ts';
import { openAll, reopen } from './effects/opening.ts';
import { passOn } from './effects/notify.ts';
import { prove } from './effects/prove.ts';
import { seekOutcome } from './effects/recall.ts';
import { showState } from './effects/showState.ts';
import { readPage, writePage } from './effects/undoPages.ts';
import type { Tuning } from '../protocol/session-input.ts';

const RECALL_WAIT = 60_000;
/**
 * What comes with one workflow task is taken in within as many promises of each other, and so has one turn; what is
 * later has another. A `condition` of the SDK would wait for all of it, at the price of one more entry into the
 * workflow's context for each task, about 5 % of a call.
 */
const STEPS_OF_A_TASK = 3;

type Of<T extends Effect['type']> = Extract<Effect, { type: T }>;
type Waiter = (reply: CallReply) => void;

/**
 * The shell around `advance`: hands it what comes in, does what it wants done, and reports what came of that. No rule
 * stands here.
 */
export class SessionRun {
  private run: Run;
  private readonly recallWait: number;
  private readonly proofWait: number | undefined;
  private readonly holders: Holders;
  readonly hearing = new Hearing();
  private wake = (): void => undefined;
  private readonly askers = new Map<number, (reply: CommandReply) => void>();
  private readonly waiters = new Map<string, readonly Waiter[]>();
  /** Of all that is under way and can be cancelled: it is only ever cancelled together. */
  private scope = new CancellationScope();
  private readonly alarm = new Alarm(() => this.take({ type: 'timerFired' }));

  constructor(carried: Carried, { eventsPerRun, undoBytes, recallWait, proofWait }: Tuning) {
    this.run = newRun(carried, {
      eventsPerRun: eventsPerRun ?? LIMITS.eventsPerRun,
      undoBytes: undoBytes ?? LIMITS.carriedUndoBytes,
    });
    this.recallWait = recallWait ?? RECALL_WAIT;
    this.proofWait = proofWait;
    this.holders = new Holders(carried.session.id);
  }

  get state(): Run {
    return this.run;
  }

  /** Works until the session has ended, or until it is time for the next run. */
  async work(): Promise<'ended' | 'continue'> {
    for (;;) {
      this.take({ type: 'turn', history: historyNow() });
      if (this.left) return this.left;
      await (mayLeave(this.run) ? this.changedOrQuiet() : this.changed());
    }
  }

  /** Until something happened, and what else came with the same workflow task was taken in. */
  private async changed(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    for (let step = 0; step < STEPS_OF_A_TASK; step += 1) await undefined;
  }

  private async changedOrQuiet(): Promise<void> {
    const worked = this.run;
    await condition(() => this.run !== worked || allHandlersFinished());
  }

  /** Hands one thing that happened to the session, and does what it wants done at once. */
  take<I extends Input>(input: I): ReturnType<typeof advance>['reply'] {
    const { run, effects, reply } = advance(this.run, input, Date.now());
    if (run !== this.run) this.wake();
    this.run = run;
    for (const effect of effects) this.interpret(effect);
    return reply;
  }

  learn(fact: Fact): void {
    this.take({ type: 'fact', fact });
  }

  /** A command from outside: its reply, at once or once what it waits for is over. */
  command(command: Exclude<OutsideCommand, { type: 'call' }>, via: Via): CommandReply | Promise<CommandReply> {
    const reply = this.take({ type: 'command', command, via }) as CommandReply | undefined;
    if (reply) return reply;
    const { heldUpTo } = this.run;
    return new Promise((resolve) => this.askers.set(heldUpTo, resolve));
  }

  /** A call from outside. */
  call(command: CommandOf<'call'>): CallReply | Promise<CallReply> {
    this.hearing.asked(command);
    const reply = this.take({ type: 'call', command }) as CallReply | undefined;
    if (reply) return reply;
    const { callId } = command.request;
    return new Promise((resolve) => {
      this.waiters.set(callId, [...(this.waiters.get(callId) ?? []), resolve]);
    });
  }

  private left: 'ended' | 'continue' | undefined;

  private interpret(effect: Effect): void {
    switch (effect.type) {
      case 'attempt':
        return this.attempt(effect);
      case 'seek':
        return this.seek(effect);
      case 'cancelAttempts':
        this.scope.cancel();
        this.scope = new CancellationScope();
        return;
      case 'open':
        return void this.scope
          .run(() => openAll(this.run.session))
          .then((facts) => this.take({ type: 'openingOver', facts }));
      case 'reopen': {
        const { server } = effect;
        return void reopen(this.run.session.id, server).then((fact) =>
          this.take({ type: 'reopeningOver', server, fact }),
        );
      }
      case 'readPage':
        return void readPage(effect.ref).then((fact) => this.take({ type: 'pagingOver', fact }));
      case 'writePage':
        return void writePage(effect.page).then((fact) => this.take({ type: 'pagingOver', fact }));
      case 'close': {
        const closing = closeConnections(this.run.session.id, effect.workers);
        return void closing.then(() => this.take({ type: 'closingOver' }));
      }
      case 'write':
        return upsertMemo({
          audit: effect.records,
          ...atTheStart(this.run.session, effect),
          ...atTheEnd(this.run.session),
        });
      case 'notify':
        return void passOn(this.run.session, effect.notices).then(() => this.take({ type: 'passedOn' }));
      case 'show':
        return showState(effect.shown);
      case 'wake':
        return this.alarm.set(effect);
      case 'answer':
        this.hearing.over(effect.callId);
        for (const waiter of this.waiters.get(effect.callId) ?? [])
          waiter(this.hearing.with(effect.callId, effect.reply));
        return void this.waiters.delete(effect.callId);
      case 'prove':
        return void prove(effect.check, this.proofWait).then((verdict) =>
          this.take({ type: 'proved', n: effect.n, verdict }),
        );
      case 'reply':
        this.askers.get(effect.n)?.(effect.reply);
        return void this.askers.delete(effect.n);
      case 'draw': {
        const { budget } = effect;
        return void drawOn(this.run.session.id, effect).then((fact) => this.take({ type: 'drawOver', budget, fact }));
      }
      case 'leave':
        this.left = effect.how;
        return;
      default:
        return effect satisfies never;
    }
  }

  private attempt({ intent, bound, isCancellable }: Of<'attempt'>): void {
    const { callId } = intent;
    const make = () =>
      makeAttempt(
        { ...intent, runId: workflowInfo().runId, ...this.hearing.wanted(intent) },
        this.recallWait,
        bound && {
          ...bound,
          session: () => this.run.session,
          holders: this.holders,
        },
      );
    const begin = (): void =>
      void make().then((ended) => {
        const outcome = this.hearing.heard(callId, ended);
        this.learn({ type: 'attemptEnded', callId, outcome });
      });
    if (isCancellable) void this.scope.run(async () => begin());
    else begin();
  }

  private seek({ intent, workers }: Of<'seek'>): void {
    const { callId } = intent;
    void seekOutcome(intent, workers, this.recallWait).then((outcome) =>
      this.learn({ type: 'attemptEnded', callId, outcome }),
    );
  }
}

/** Records with which a run begins that is the first of its chain. */
const FIRST: ReadonlySet<string> = new Set(['governance', 'forked', 'recovered']);

/** Who started a session and why stands in the memo, where lists find it. */
const atTheStart = (session: Session, { records }: Of<'write'>) =>
  session.startedBy && records.some(({ kind }) => FIRST.has(kind)) ? { started: startedByOf(session) } : {};

/** Once a session has ended, its details stand in the memo, where the Temporal UI shows them without any worker. */
const atTheEnd = (session: Session) => (isEnded(session.state) ? { details: linesOf(session) } : {});

function historyNow() {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return {
    events: historyLength,
    bytes: historySize,
    isLong: continueAsNewSuggested,
    isQuiet: allHandlersFinished(),
  };
}
