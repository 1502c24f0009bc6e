import type { AttemptOutcome, Effect, ServerPin } from '../../protocol/calls/call.ts';
import type { ToolResult } from '../../protocol/calls/result.ts';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { OUTSIDE_COMMANDS, type OutsideCommand } from '../../protocol/commands.ts';
import { type Advanced, advance, type Input } from '../../session/advance.ts';
import type { By } from '../../protocol/by.ts';
import { decide, learn } from '../../session/decide.ts';
import type { Effect as Wanted } from '../../session/effects.ts';
import type { Fact } from '../../session/facts.ts';
import { type HistoryFacts, newRun, type Run } from '../../session/run.ts';
import type { ErrorCode, Refusal } from '../../protocol/errors.ts';
import type { Event } from '../../session/events.ts';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { newSession } from '../../session/begin.ts';
import type { Session } from '../../session/session.ts';
import type { PlanStep, SessionSpec } from '../../protocol/spec.ts';

/** A small world for sessions without Temporal: one server with a tool of each effect class. */

export const START = Date.parse('2026-01-01T00:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export type Patch = { readonly [B in keyof Governance]?: Partial<Governance[B]> };

/** The defaults, changed; only that many calls in these tests are alike, which stops nobody. */
export const governanceOf = (patch: Patch = {}): Governance =>
  Object.fromEntries(
    Object.entries({ ...DEFAULTS, session: { ...DEFAULTS.session, maxIdentical: LIMITS.identical } }).map(
      ([block, keys]) => [block, { ...keys, ...patch[block as keyof Governance] }],
    ),
  ) as unknown as Governance;

/** Tools are named for their effect class: `s.read-only`. */
export const pinOf = (
  effects: readonly Effect[] = ['read-only', 'idempotent', 'compensable', 'irreversible'],
  version = 'v1',
): ServerPin => ({
  configHash: `config-${version}`,
  protocolVersion: '2025-11-25',
  tools: Object.fromEntries(
    effects.map((effect) => [
      effect,
      {
        hash: `${effect}-${version}`,
        effect,
        timeout: MINUTE,
        ...(effect === 'compensable' ? { undo: true as const, undoTools: ['idempotent'] } : {}),
      },
    ]),
  ),
});

export const specOf = (spec: Partial<SessionSpec> = {}): SessionSpec => ({
  agent: { id: 'drafter', version: '1' },
  profile: 'standard',
  servers: ['s'],
  ...spec,
});

export const openedOf = (patch: Patch = {}, pin = pinOf()): Fact => ({
  type: 'opened',
  governance: governanceOf(patch),
  profileHash: 'profile-v1',
  servers: { s: pin },
});

let commands = 0;
export const byOf = (reason = 'because', actor = 'ann'): By => ({ actor, reason, commandId: `c${(commands += 1)}` });

export const callOf = (
  callId: string,
  tool: string = 'irreversible',
  args: JsonObject = {},
  server = 's',
): Extract<OutsideCommand, { type: 'call' }> => ({
  type: 'call',
  by: byOf('call', 'agent'),
  request: { callId, server, tool, args },
});

/** A call whose arguments stand outside history. */
export function refCall(
  callId: string,
  argsRef: Ref,
  tool = 'irreversible',
): Extract<OutsideCommand, { type: 'call' }> {
  const call = callOf(callId, tool);
  return { ...call, request: { ...call.request, argsRef } };
}

export const textOf = (text: string): ToolResult => ({ content: [{ type: 'text', text }] });
export const succeeded = (text = 'done'): AttemptOutcome => ({ kind: 'succeeded', result: textOf(text) });
export const unknown = (code: ErrorCode = 'CONNECTION_LOST'): AttemptOutcome => ({
  kind: 'unknown',
  code,
  message: 'no answer',
});
/** The worker fell silent with the attempt under way. */
export const lost = (kind: 'unknown' | 'not_sent' = 'unknown', worker?: WorkerIdentity): AttemptOutcome => ({
  kind,
  code: 'WORKER_LOST',
  message: 'the worker was lost',
  workerLost: true,
  ...(worker ? { worker } : {}),
});
export const notSent = (code: ErrorCode = 'SERVER_UNAVAILABLE'): AttemptOutcome => ({
  kind: 'not_sent',
  code,
  message: 'not sent',
});

const LIMITS_OF_RUN = { eventsPerRun: 2000, undoBytes: LIMITS.carriedUndoBytes };
const QUIET = { events: 0, bytes: 0, isLong: false, isQuiet: true };

/** What a test hands to a session: a command, as an update, or a fact. */
export type Given = OutsideCommand | Fact;

const isCommand = (given: Given): given is OutsideCommand =>
  (OUTSIDE_COMMANDS as readonly string[]).includes(given.type);

/** The input that brings it; an opening is over with what it brought. */
export function inputOf(given: Given): Input {
  if (!isCommand(given)) {
    if (given.type === 'opened' || given.type === 'openFailed') return { type: 'openingOver', facts: [given] };
    if (given.type === 'reopened' || given.type === 'reopenFailed')
      return { type: 'reopeningOver', server: given.server, fact: given };
    if (given.type === 'pageRead' || given.type === 'pageLost' || given.type === 'pageWritten')
      return { type: 'pagingOver', fact: given };
    if (given.type === 'drawn' || given.type === 'drawFailed')
      return { type: 'drawOver', budget: given.budget, fact: given };
    return { type: 'fact', fact: given };
  }
  return given.type === 'call' ? { type: 'call', command: given } : { type: 'command', command: given, via: 'update' };
}

/** A session with a clock, worked as its workflow works it: after each command all that is due is done. */
export class World {
  run: Run;
  now = START;
  readonly events: Event[] = [];
  readonly effects: Wanted[] = [];

  constructor(spec: Partial<SessionSpec> = {}) {
    const session = newSession('session-1', specOf(spec), START);
    this.run = newRun({ session, record: 0, runs: 1, chain: 'run-1' }, LIMITS_OF_RUN);
    this.work();
  }

  get session(): Session {
    return this.run.session;
  }

  /** Puts the session into another state than its own life would have. */
  set session(session: Session) {
    this.run = newRun({ ...this.run, session }, LIMITS_OF_RUN);
    this.work();
  }

  /** In RUNNING, under a profile. */
  static running(patch: Patch = {}, spec: Partial<SessionSpec> = {}): World {
    return new World(spec).do(openedOf(patch));
  }

  static withPlan(plan: readonly PlanStep[], patch: Patch = {}, spec: Partial<SessionSpec> = {}): World {
    return World.running(patch, { plan, ...spec });
  }

  get state(): Session['state'] {
    return this.session.state;
  }

  /** Hands something to the session that must not be refused, and has all done that follows. */
  do(given: Given): this {
    const refusal = this.refusalIn(given);
    if (refusal) throw new Error(`${given.type}: ${refusal.code}: ${refusal.message}`);
    this.take(inputOf(given));
    return this.work();
  }

  /** Does a command that must be refused, and what follows from the refusal; returns the code. */
  refuse(given: Given): ErrorCode {
    const refusal = this.refusalIn(given);
    if (!refusal) throw new Error(`${given.type} was accepted.`);
    this.take(inputOf(given));
    this.work();
    return refusal.code;
  }

  /** The code with which something is refused; undefined when it is accepted. */
  refusalOf(given: Given): ErrorCode | undefined {
    return this.refusalIn(given)?.code;
  }

  private refusalIn(given: Given): Refusal | undefined {
    const decision = isCommand(given) ? decide(this.session, given, this.now) : learn(this.session, given, this.now);
    return decision.ok ? undefined : decision.refusal;
  }

  pause(reason = 'lunch'): this {
    return this.do({ type: 'pause', by: byOf(reason) });
  }

  resume(acceptChanges = false): this {
    return this.do({ type: 'resume', by: byOf(), acceptChanges });
  }

  ends(callId: string, outcome: AttemptOutcome): this {
    return this.do({ type: 'attemptEnded', callId, outcome });
  }

  /** Lets time pass, stopping at nothing. */
  later(ms: number): this {
    this.now += ms;
    return this.work();
  }

  work(history: Partial<HistoryFacts> = {}): this {
    this.take({ type: 'turn', history: { ...QUIET, ...history } });
    return this;
  }

  /** One input, as the workflow hands it over. */
  take(input: Input): Advanced {
    const advanced = advance(this.run, input, this.now);
    this.run = advanced.run;
    this.events.push(...advanced.run.happened);
    this.effects.push(...advanced.effects);
    return advanced;
  }

  open(callId: string) {
    return this.session.open.find((call) => call.callId === callId);
  }

  ended(callId: string) {
    return this.session.ended.find((call) => call.callId === callId);
  }

  /** Events of one type, in order. */
  of<T extends Event['type']>(type: T): Extract<Event, { type: T }>[] {
    return this.events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  }
}
