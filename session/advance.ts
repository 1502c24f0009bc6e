import { NO_REASON, type By, withoutProof } from '../protocol/by.ts';
import type { ErrorCode, Refusal } from '../protocol/errors.ts';
import type { Verdict } from '../protocol/identity/proof.ts';
import type { SentProof } from '../protocol/identity/standing.ts';
import type { AttachReply, CallReply, CommandReply } from '../protocol/replies.ts';
import { toldRecord } from './agents/records.ts';
import { seeking } from './calls/attempts/wanted.ts';
import { isCollapsed, refusedEvent } from './calls/refusals.ts';
import { replyTo } from './calls/reply.ts';
import type { CommandOf } from './commands.ts';
import type { OutsideCommand } from '../protocol/commands.ts';
import { decide, learn } from './decide.ts';
import { accept, type Decision } from './decision.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import { happen } from './happen.ts';
import type { Held } from './identity/held.ts';
import { hold, proven, release, withVerdict } from './identity/hold.ts';
import { judge } from './identity/rules.ts';
import { type Asker, provenBy, record } from './records/record.ts';
import { type HistoryFacts, noted, numbered, type Run } from './run.ts';
import { nothing, type Step } from './step.ts';
import { passedOn } from './notices/pass.ts';
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
  | { readonly type: 'drawOver'; readonly budget: string; readonly fact: Fact }
  | { readonly type: 'closingOver' }
  /** Notices that were under way are with those who deliver them. */
  | { readonly type: 'passedOn' }
  | { readonly type: 'timerFired' }
  /** What a worker says of the proof of a command that waits. */
  | { readonly type: 'proved'; readonly n: number; readonly verdict: Verdict }
  /** All that came with this workflow task was taken in: what is due is done. */
  | { readonly type: 'turn'; readonly history: HistoryFacts };

/** A run after an input, what it wants done, and the answer to who asked; none of a call or a command that waits. */
export interface Advanced extends Step {
  readonly reply?: CommandReply | AttachReply | CallReply;
}

/**
 * The one way in which a session goes on: pure, so that tests live the same life as production. Inputs are taken in one
 * by one; what follows from them is worked out once for each workflow task, by the input `turn`.
 *
 * Invariants:
 * (a) the session changes by events alone, and counts what is noted;
 * (b) numbers of records have no gap and no repeat;
 * (c) a turn wants at most one write of records and one of search attributes;
 * (d) a run is left with nothing under way and no caller waiting; notices alone may be passed on again by the next.
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
    case 'drawOver': {
      const drawing = run.drawing.filter((budget) => budget !== input.budget);
      return fact({ ...run, drawing }, input.fact, now);
    }
    case 'closingOver':
      return nothing({ ...run, closing: 'closed' });
    case 'passedOn':
      return nothing(passedOn(run));
    case 'timerFired':
      return nothing({ ...run, wakeAt: null });
    case 'proved':
      return released(withVerdict(run, input.n, input.verdict), now);
    case 'turn':
      return turn(run, input.history, now);
    default:
      return input satisfies never;
  }
}

const happened = (run: Run, { events = [] }: Decision, now: number, who?: Asker): Run =>
  events.reduce((next, event) => happen(next, event, now, who), run);

type Given = Exclude<OutsideCommand, { type: 'call' }>;

/** Calls of each kind that the answer to `attach` lists. */
const ATTACH_CALLS = 50;

function command(run: Run, given: Given, via: Via, now: number): Advanced {
  const held = hold(run, { command: given, via }, now);
  if (!held) return obeyed(run, given, via, now);
  return 'refusal' in held ? refused(run, held.refusal, given.by, given.type, via, now) : held;
}

/** Obeys commands that waited, as far as nothing keeps them back. */
function released(before: Run, now: number): Advanced {
  let run = before;
  const effects: Effect[] = [];
  for (let free = release(run); free; free = release(run)) {
    const { reply, ...done } = judged(free.run, free.next, now);
    run = done.run;
    if (reply && 'ok' in reply) effects.push({ type: 'reply', n: free.next.n, reply });
  }
  return { run, effects };
}

function judged(run: Run, { command: given, via, verdict }: Held, now: number): Advanced {
  if (verdict === 'none' || verdict === null) return obeyed(run, given, via, now);
  const who = judge(run.session, given.type, given.by, verdict);
  const proof = verdict.ok ? given.by.proof : undefined;
  if (who.ok) return obeyed(run, { ...given, by: who.by }, via, now, proof);
  const used = happened(run, accept(...proven(given, proof, false, now)), now);
  const by = withoutProof(given.by, verdict.ok ? verdict.proven : undefined);
  return refused(used, who.refusal, by, given.type, via, now);
}

/** @param proof that was good */
function obeyed(run: Run, given: Given, via: Via, now: number, proof?: SentProof): Advanced {
  const decision = decide(run.session, given, now);
  const signed = happened(run, accept(...proven(given, proof, decision.ok, now)), now);
  const after = happened(signed, decision, now, given.by);
  if (!decision.ok) return refused(after, decision.refusal, given.by, given.type, via, now);
  const next = via === 'update' ? numbered(after) : told(after, given, decision, now);
  const asked = decision.events.find((event) => event.type === 'approvalAsked')?.approval;
  const reply = {
    ok: true,
    state: next.session.state.name,
    record: next.record,
    ...(asked === undefined ? {} : { approval: asked.id, persons: asked.persons }),
    ...proofIn(given.by),
  } as const;
  if (given.type === 'extend' && asked === undefined) {
    const deadlineAt = iso(next.session.clock.deadlineAt);
    return { ...nothing(next), reply: { ...reply, deadlineAt } };
  }
  if (given.type !== 'attach') return { ...nothing(next), reply };
  const { agentState, open } = next.session;
  const view = shortViewOf(next.session, next.runs, ATTACH_CALLS, now);
  const moreOpen = Math.max(0, open.length - ATTACH_CALLS);
  return { ...nothing(next), reply: { ...reply, view, agentState, moreOpen } };
}

/** A signal has no answer that could show a number: what follows from it has one, and what an agent tells is noted. */
function told(run: Run, given: OutsideCommand, { events = [] }: Decision, now: number): Run {
  const isNew = events.some(({ type }) => type === 'attached' || type === 'stateSaved' || type === 'recorded');
  if (!isNew || (given.type !== 'attach' && given.type !== 'saveState' && given.type !== 'record')) return run;
  return noted(run, provenBy(toldRecord(given), given.by), now);
}

/** A call from outside: answered when it ends, or parked when it must wait for longer than a call takes. */
function call(run: Run, given: CommandOf<'call'>, now: number): Advanced {
  const decision = decide(run.session, given, now);
  const after = happened(run, decision, now);
  if (!decision.ok) {
    const { server, tool } = given.request;
    const about = decision.refusal.code === 'UNKNOWN_TOOL' ? `${server}.${tool}`.slice(0, 160) : undefined;
    const refusal = refusedEvent(after.session, given.by.actor, decision.refusal, now, about);
    const next = numbered(happen(after, refusal, now));
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
  const body = record('compliance', 'refused', { command: name, ...refusal }, by.actor, by.proven);
  const next = via === 'update' ? numbered(counted) : isQuiet ? counted : noted(counted, body, now);
  return { ...nothing(next), reply: { ok: false, refusal, record: next.record, ...proofIn(by) } };
}

const proofIn = ({ proven: proof }: By) => (proof ? { proof } : {});

const NOBODY: By = { actor: 'unknown', reason: NO_REASON, commandId: '' };

function fact(run: Run, given: Fact, now: number): Advanced {
  const decision = learn(run.session, given, now);
  const isOver = given.type === 'attemptEnded' && decision.ok;
  const who = given.type === 'recovered' || given.type === 'forked' ? given : undefined;
  const after = happened(isOver ? { ...run, attempts: run.attempts - 1 } : run, decision, now, who);
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
