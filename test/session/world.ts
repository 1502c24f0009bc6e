import type { AttemptOutcome, Effect, ServerPin, ToolResult, WorkerIdentity } from '../../protocol/call.ts';
import type { By, Command, InsideCommand, OutsideCommand } from '../../session/commands.ts';
import { decide } from '../../session/decide.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event } from '../../session/events.ts';
import { evolveAll } from '../../session/evolve.ts';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { newSession, type Session } from '../../session/session.ts';
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
        ...(effect === 'compensable' ? { undo: true as const } : {}),
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

export const openedOf = (patch: Patch = {}, pin = pinOf()): InsideCommand => ({
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

const STEPS = [
  { type: 'tick' },
  { type: 'settle' },
  { type: 'undo' },
  { type: 'plan' },
  { type: 'dispatch' },
] as const satisfies readonly InsideCommand[];

/** A session with a clock, worked as its workflow works it: after each command all that is due is done. */
export class World {
  session: Session;
  now = START;
  readonly events: Event[] = [];

  constructor(spec: Partial<SessionSpec> = {}) {
    this.session = newSession('session-1', specOf(spec), START);
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

  /** Does a command that must be accepted, and all that follows. */
  do(command: Command): this {
    const decision = decide(this.session, command, this.now);
    if (!decision.ok) throw new Error(`${command.type}: ${decision.refusal.code}: ${decision.refusal.message}`);
    this.happen(decision.events);
    return this.work();
  }

  /** Does a command that must be refused, and what follows from the refusal; returns the code. */
  refuse(command: Command): ErrorCode {
    const decision = decide(this.session, command, this.now);
    if (decision.ok) throw new Error(`${command.type} was accepted.`);
    this.happen(decision.events ?? []);
    this.work();
    return decision.refusal.code;
  }

  /** The code with which a command is refused; undefined when it is accepted. */
  refusalOf(command: Command): ErrorCode | undefined {
    const decision = decide(this.session, command, this.now);
    return decision.ok ? undefined : decision.refusal.code;
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

  work(): this {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > 1000) throw new Error('The session never comes to rest.');
      const before = this.events.length;
      for (const command of STEPS) {
        const decision = decide(this.session, command, this.now);
        if (decision.ok) this.happen(decision.events);
      }
      if (this.events.length === before) return this;
    }
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

  private happen(events: readonly Event[]): void {
    this.session = evolveAll(this.session, events);
    this.events.push(...events);
  }
}
