import { NO_REASON, type By } from '../protocol/by.ts';
import type { ErrorCode, Refusal } from '../protocol/errors.ts';
import type { AttachReply, CallReply, CommandReply } from '../protocol/replies.ts';
import { toldRecord } from './agents/records.ts';
import { seeking } from './calls/attempts/wanted.ts';
import { isCollapsed, refusedEvent } from './calls/refusals.ts';
import { replyTo } from './calls/reply.ts';
import type { CommandOf } from './commands.ts';
import type { OutsideCommand } from '../protocol/commands.ts';
import { decide, learn } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Fact } from './facts.ts';
import { happen } from './happen.ts';
import { record } from './records/record.ts';
import { type HistoryFacts, noted, numbered, type Run } from './run.ts';
import { nothing, type Step } from './step.ts';
import { iso } from './time/iso.ts';
import { turn } from './turn.ts';
import { shortViewOf } from './view/view.ts';

/** How a command came: a signal has no answer. */
export type Via = 'signal' | 'update';

/** Everything that happens to a session. */
export type Input =
  | { readonly type: 'command'; readonly command: Exclude<OutsideCommand, { type: 'call' }>; readonly via: Via }
  | { readonly type: 'call'; readonly command: CommandOf<'call'> }
  /** Something that is no command. */
  | {
      readonly type: 'malformed';
      readonly name: string;
      readonly by: By;
      readonly code: Extract<ErrorCode, 'MALFORMED_COMMAND' | 'UNKNOWN_COMMAND'>;
      readonly problem: string;
      readonly via: Via;
    }
  | { readonly type: 'fact'; readonly fact: Fact }
  /** What an opening of all servers brought, in its order. */
  | { readonly type: 'openingOver'; readonly facts: readonly Fact[] }
  | { readonly type: 'reopeningOver'; readonly server: string; readonly fact: Fact }
  | { readonly type: 'pagingOver'; readonly fact: Fact }
  | { readonly type: 'closingOver' }
  | { readonly type: 'timerFired' }
  /** All that came with this workflow task was taken in: what is due is done. */
  | { readonly type: 'turn'; readonly history: HistoryFacts };

/** A run after an input, what it wants done, and the answer to who asked; none of a call that waits. */
export interface Advanced extends Step {
  readonly reply?: CommandReply | AttachReply | CallReply;
}

/**
 * The one way in which a session goes on: pure, so that tests live the same life as production. Inputs are taken in one
 * by one; what follows from them is worked out once for each workflow task, by the input `turn`.
 *
 * Invariants:
 * (a) the session changes by events alone;
 * (b) numbers of records have no gap and no repeat;
 * (c) a turn wants at most one write of records and one of search attributes;
 * (d) a run is left with nothing under way and no caller waiting.
 *
 * @param now epoch milliseconds
 */
export function advance(before: Run, input: Input, now: number): Advanced {
  const run: Run = before.happened.length > 0 ? { ...before, happened: [] } : before;
  switch (input.type) {
    case 'command':
      return command(run, input.command, input.via, now);
    case 'call':
      return call(run, input.command, now);
    case 'malformed': {
      const { name, by, code, problem, via } = input;
      return refused(run, { code, message: problem }, by, name, via, now);
    }
    case 'fact':
      return fact(run, input.fact, now);
    case 'openingOver':
      return nothing(openingOver(run, input.facts, now));
    case 'reopeningOver': {
      const reopened = run.reopened.filter((server) => server !== input.server);
      return fact({ ...run, reopened }, input.fact, now);
    }
    case 'pagingOver':
      return fact({ ...run, isPaging: false }, input.fact, now);
    case 'closingOver':
      return nothing({ ...run, closing: 'closed' });
    case 'timerFired':
      return nothing({ ...run, wakeAt: null });
    case 'turn':
      return turn(run, input.history, now);
    default:
      return input satisfies never;
  }
}

const happened = (run: Run, { events = [] }: Decision, now: number): Run =>
  events.reduce((next, event) => happen(next, event, now), run);

/** Calls of each kind that the answer to `attach` lists. */
const ATTACH_CALLS = 50;

function command(run: Run, given: Exclude<OutsideCommand, { type: 'call' }>, via: Via, now: number): Advanced {
  const decision = decide(run.session, given, now);
  const after = happened(run, decision, now);
  if (!decision.ok) return refused(after, decision.refusal, given.by, given.type, via, now);
  const next = via === 'update' ? numbered(after) : told(after, given, decision, now);
  const asked = decision.events.find((event) => event.type === 'approvalAsked')?.approval.id;
  const reply = {
    ok: true,
    state: next.session.state.name,
    record: next.record,
    ...(asked === undefined ? {} : { approval: asked }),
  } as const;
  if (given.type === 'extend' && asked === undefined) {
    const deadlineAt = iso(next.session.clock.deadlineAt);
    return { ...nothing(next), reply: { ...reply, deadlineAt } };
  }
  if (given.type !== 'attach') return { ...nothing(next), reply };
  const { agentState, open } = next.session;
  const view = shortViewOf(next.session, next.runs, ATTACH_CALLS);
  const moreOpen = Math.max(0, open.length - ATTACH_CALLS);
  return { ...nothing(next), reply: { ...reply, view, agentState, moreOpen } };
}

/** A signal has no answer that could show a number: what follows from it has one, and what an agent tells is noted. */
function told(run: Run, given: OutsideCommand, { events = [] }: Decision, now: number): Run {
  const isNew = events.some(({ type }) => type === 'attached' || type === 'stateSaved' || type === 'recorded');
  if (!isNew || (given.type !== 'attach' && given.type !== 'saveState' && given.type !== 'record')) return run;
  return noted(run, toldRecord(given), now);
}

/** A call from outside: answered when it ends, or parked when it must wait for longer than a call takes. */
function call(run: Run, given: CommandOf<'call'>, now: number): Advanced {
  const decision = decide(run.session, given, now);
  const after = happened(run, decision, now);
  if (!decision.ok) {
    const next = numbered(happen(after, refusedEvent(after.session, given.by.actor, decision.refusal, now), now));
    return { ...nothing(next), reply: { status: 'refused', refusal: decision.refusal, record: next.record } };
  }
  if (decision.answer) return { ...nothing(after), reply: { status: 'answered', answer: decision.answer } };
  const { callId } = given.request;
  const reply = replyTo(after, callId);
  if (reply) return { ...nothing(after), reply };
  const waiting = after.waiting.includes(callId) ? after.waiting : [...after.waiting, callId];
  return nothing({ ...after, waiting });
}

/** The history shows an update's refusal as its result; a signal has none. */
function refused(run: Run, refusal: Refusal, by: By, name: string, via: Via, now: number): Advanced {
  const isQuiet = via === 'signal' && isCollapsed(run.session, by.actor, now);
  const counted = happen(run, refusedEvent(run.session, by.actor, refusal, now), now);
  const body = record('compliance', 'refused', { command: name, ...refusal }, by.actor);
  const next = via === 'update' ? numbered(counted) : isQuiet ? counted : noted(counted, body, now);
  return { ...nothing(next), reply: { ok: false, refusal, record: next.record } };
}

const NOBODY: By = { actor: 'unknown', reason: NO_REASON, commandId: '' };

function fact(run: Run, given: Fact, now: number): Advanced {
  const decision = learn(run.session, given, now);
  const isOver = given.type === 'attemptEnded' && decision.ok;
  const after = happened(isOver ? { ...run, attempts: run.attempts - 1 } : run, decision, now);
  if (given.type === 'recovered') return seeking(after, now);
  // A lease is released by a signal, which anybody may send.
  if (!decision.ok && given.type === 'released')
    return refused(after, decision.refusal, NOBODY, 'released', 'signal', now);
  return nothing(after);
}

/**
 * Who opened servers is known in any case; what was found holds for the state for which they were opened, and for no
 * other: a resume that came meanwhile has them opened anew.
 */
function openingOver(run: Run, facts: readonly Fact[], now: number): Run {
  const isWanted = run.opening === run.session.state;
  return facts
    .filter(({ type }) => isWanted || (type !== 'opened' && type !== 'openFailed'))
    .reduce((next, each) => fact(next, each, now).run, { ...run, opening: null } as Run);
}
