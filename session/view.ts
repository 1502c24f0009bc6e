import type { Usage } from '../protocol/agent.ts';
import type { Form } from '../protocol/asks.ts';
import { type Binding, bindingOf } from './servers/binding.ts';
import { type CallOutcome, type CallProgress, nameOf, type ReadMethod } from '../protocol/call.ts';
import type { Refusal } from '../protocol/errors.ts';
import { byteLength } from '../protocol/values/digest.ts';
import { countOlder } from './capacity/olderIds.ts';
import type { EndedCall, OpenCall, Session } from './session.ts';
import { isEnded, type PauseCause, type StateName } from './lifecycle/states.ts';
import { countUndone } from './undo/log.ts';

/** A session as `describe`, `custody show` and the workflow's result give it. Instants are ISO 8601. */
export interface SessionView {
  readonly id: string;
  readonly state: StateName;
  /** Why it is paused. */
  readonly cause: PauseCause | null;
  readonly reason: string | null;
  /** How it ended, null while it lives; `code` says why where it did not complete. */
  readonly outcome: 'COMPLETED' | 'FAILED' | 'TIMEOUT' | null;
  readonly code: string | null;
  readonly agent: { readonly id: string; readonly version: string };
  readonly profile: string;
  readonly labels: { readonly [name: string]: string };
  readonly startedAt: string;
  /** Null until the profile is loaded. */
  readonly deadlineAt: string | null;
  readonly graceUntil: string | null;
  /** Runs of the workflow chain. */
  readonly runs: number;
  readonly restarts: number;
  /** The session and the checkpoint that it was forked from. */
  readonly parent: { readonly id: string; readonly at: string } | null;
  /** Since when it runs from an earlier point of its history, after a reset in Temporal; null otherwise. */
  readonly resetAt: string | null;
  readonly servers: readonly {
    readonly name: string;
    readonly protocolVersion: string;
    readonly tools: number;
    /** Of one that keeps state: the worker that holds it, null while none does, and how often it was opened. */ readonly held?: {
      readonly worker: string | null;
      readonly generation: number;
    };
  }[];
  readonly plan: { readonly done: number; readonly of: number } | null;
  readonly checkpoints: readonly { readonly name: string; readonly at: string; readonly effects: number }[];
  /** Effects on the world so far, and how many of them are undone. */
  readonly effects: { readonly made: number; readonly undone: number };
  /** Of a rollback under way. */
  readonly rollback: {
    readonly to: string | null;
    readonly undone: number;
    readonly remaining: number;
    readonly left: number;
  } | null;
  /**
   * The last calls, oldest first, open ones last. `outcome` is null while a call is queued, running or awaiting input.
   */
  readonly calls: readonly CallView[];
  readonly openCalls: readonly OpenCallView[];
  /**
   * Calls taken in all and the bytes of their arguments and answers, with what the profile allows; null is no limit.
   */
  readonly used: {
    readonly calls: number;
    readonly maxCalls: number | null;
    readonly bytes: number;
    readonly maxBytes: number | null;
  };
  /** Calls that ended before those listed. */
  readonly olderCalls: number;
  /** What the agent saved of its own state. */
  readonly agentState: { readonly bytes: number; readonly at: string; readonly actor: string } | null;
  /** Since when the agent is taken for lost; null while it is not. */
  readonly agentLostAt: string | null;
  /** Model usage that agents recorded, in sum. */
  readonly usage: Usage;
}

export interface CallView {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  /** Absent is `tools/call`; then `tool` is the name of one. */
  readonly method?: ReadMethod;
  readonly outcome: CallOutcome | 'in_doubt' | null;
  readonly attempts: number;
  readonly actor: string;
}

export interface OpenCallView {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  readonly method?: ReadMethod;
  readonly phase: OpenCall['phase'];
  readonly attempts: number;
  readonly actor: string;
  readonly trouble: Refusal | null;
  /**
   * How far the server says that it is; there where it said so of a call that runs, and only in the SDK's `describe`.
   */
  readonly progress?: CallProgress;
  /** What the server wants to know, while it waits for that. Its words, not to be trusted. */
  readonly asks: readonly Form[] | null;
}

const iso = (instant: number): string => new Date(instant).toISOString();

/** What a session looks like from outside. @param runs runs of its workflow chain so far */
export function viewOf(session: Session, runs: number): SessionView {
  const { state, spec, clock, governance } = session;
  const summary = ({
    callId,
    server,
    tool,
    method,
    attempts,
    actor,
  }: Pick<EndedCall, 'callId' | 'server' | 'tool' | 'method' | 'attempts' | 'actor'>) => ({
    callId,
    server,
    tool,
    ...(method === undefined ? {} : { method }),
    attempts,
    actor,
  });
  return {
    id: session.id,
    state: state.name,
    cause: state.name === 'PAUSED' ? state.cause : null,
    reason: 'reason' in state ? state.reason : null,
    outcome: isEnded(state) ? state.name : null,
    code: isEnded(state) && 'code' in state ? state.code : null,
    agent: spec.agent,
    profile: spec.profile,
    labels: spec.labels ?? {},
    startedAt: iso(session.startedAt),
    deadlineAt: governance ? iso(clock.deadlineAt) : null,
    graceUntil: clock.graceUntil === null ? null : iso(clock.graceUntil),
    runs,
    restarts: session.restarts,
    parent: session.parent,
    resetAt: session.resetAt === null ? null : iso(session.resetAt),
    servers: Object.entries(session.servers).map(([name, pin]) => ({
      name,
      protocolVersion: pin.protocolVersion,
      tools: Object.keys(pin.tools).length,
      ...heldOf(bindingOf(session, name)),
    })),
    plan: session.plan ? { done: session.plan.cursor, of: spec.plan?.length ?? 0 } : null,
    checkpoints: session.checkpoints.map(({ name, at, effects }) => ({ name, at: iso(at), effects })),
    effects: { made: session.undo.last, undone: countUndone(session.undo) },
    rollback: rollbackOf(session),
    calls: [
      ...session.ended.map((call) => ({ ...summary(call), outcome: call.outcome })),
      ...session.open.map((call) => ({
        ...summary(call),
        outcome: call.phase === 'in_doubt' ? ('in_doubt' as const) : null,
      })),
    ],
    openCalls: session.open.map((call) => ({
      ...summary(call),
      phase: call.phase,
      trouble: call.trouble ?? null,
      asks: call.asks?.forms ?? null,
    })),
    olderCalls: countOlder(session.older),
    agentState: agentStateOf(session),
    agentLostAt: session.agent.lostAt === null ? null : iso(session.agent.lostAt),
    usage: session.usage,
    used: {
      calls: session.counts.calls,
      maxCalls: governance?.session.maxCalls ?? null,
      bytes: session.counts.bytes,
      maxBytes: governance?.session.maxBytes ?? null,
    },
  };
}

function agentStateOf({ agentState }: Session): SessionView['agentState'] {
  if (agentState === null) return null;
  const bytes = 'ref' in agentState ? agentState.ref.bytes : byteLength(JSON.stringify(agentState.value));
  return { bytes, at: iso(agentState.at), actor: agentState.actor };
}

const heldOf = (binding: Binding | undefined) =>
  binding ? { held: { worker: binding.phase === 'held' ? binding.worker : null, generation: binding.generation } } : {};

/**
 * A view that an answer in history can carry: it leaves out what servers ask.
 * @param most calls that ended, the last ones, and as many open ones, the first
 */
export function shortViewOf(session: Session, runs: number, most: number): SessionView {
  const ended = session.ended.slice(-most);
  const view = viewOf({ ...session, ended, open: session.open.slice(0, most) }, runs);
  return {
    ...view,
    openCalls: view.openCalls.map((call) => ({ ...call, asks: null })),
    olderCalls: view.olderCalls + session.ended.length - ended.length,
  };
}

function rollbackOf({ state, rollback }: Session): SessionView['rollback'] {
  if (state.name !== 'ROLLBACK') return null;
  const { undone, remaining, next, floor } = rollback ?? { undone: 0, remaining: 0, next: 0, floor: 0 };
  return { to: state.to, undone, remaining, left: Math.max(0, next - floor) };
}

/** Text from outside, made harmless for Markdown. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|\n\r]/g, ' ').slice(0, 300);

/** Why an open call is where it is. */
const remark = ({ trouble, asks }: OpenCall): string =>
  asks
    ? ` (the server asks: ${plain(asks.forms.map(({ message }) => message).join(' / '))}; answer with \`custody respond\`)`
    : trouble
      ? ` (${plain(trouble.message)})`
      : '';

/** What the Temporal UI shows of a session: its state, cause and last calls, in Markdown. */
export function detailsOf(session: Session): string {
  const { state, clock, governance } = session;
  const lines = [
    `**${state.name}**${state.name === 'PAUSED' ? ` (${state.cause})` : ''}${'reason' in state ? `: ${plain(state.reason)}` : ''}`,
  ];
  if (state.name === 'PAUSED') lines.push(`paused by ${plain(state.by)} since ${iso(state.since)}`);
  if (governance)
    lines.push(
      `deadline ${iso(clock.deadlineAt)}${clock.graceUntil === null ? '' : `, **passed**; ends ${iso(clock.graceUntil)} unless extended`}`,
    );
  if (session.agent.lostAt !== null) lines.push(`the agent is **lost** since ${iso(session.agent.lostAt)}`);
  const rollback = rollbackOf(session);
  if (rollback)
    lines.push(
      `to ${plain(rollback.to ?? 'the start')}: ${rollback.undone} undone, ${rollback.remaining} not to be undone, ${rollback.left} left`,
    );
  if (session.checkpoints.length > 0)
    lines.push(
      `checkpoints: ${session.checkpoints
        .slice(-5)
        .map(({ name }) => plain(name))
        .join(', ')}`,
    );
  if (session.plan) lines.push(`plan: ${session.plan.cursor} of ${session.spec.plan?.length ?? 0} steps done`);
  const calls = [
    ...session.ended
      .slice(-5)
      .map(
        (call) =>
          `- ${plain(nameOf(call))} \`${plain(call.callId)}\`: ${call.outcome}${call.attempts > 1 ? `, ${call.attempts} attempts` : ''}`,
      ),
    ...session.open
      .slice(0, 10)
      .map((call) => `- ${plain(nameOf(call))} \`${plain(call.callId)}\`: **${call.phase}**${remark(call)}`),
  ];
  return [lines.join('  \n'), calls.join('\n')].filter(Boolean).join('\n\n');
}
