import { type AgentRecord, NO_USAGE, type SavedState, type Usage, USAGE_KEYS } from '../../protocol/agent.ts';
import type { OutsideCommand } from '../commands.ts';
import { byteLength, canonical } from '../../protocol/values/digest.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { Event } from '../events.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Session } from '../session.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, illegal, move, refuse } from '../decision.ts';
import { obeyOnRestart } from '../servers/workers.ts';

type Of<T extends OutsideCommand['type']> = Extract<OutsideCommand, { type: T }>;

/** An agent that started again is there. What it is told is the workflow's answer (L10). */
export const attach = ({ by }: Of<'attach'>, now: number): Decision => accept({ type: 'attached', by, at: now });

/** Keeps what an agent wants to find again; the last word counts (L10). */
export function saveState(session: Session, { by, saved }: Of<'saveState'>, now: number): Decision {
  const { state } = session;
  if (state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING'))
    return illegal(session, 'saveState', 'INIT, RUNNING, PAUSED and RESUMING');
  if ('ref' in saved && saved.ref.bytes > LIMITS.agentStateBytes)
    return refuse(
      'STATE_TOO_LARGE',
      `The state is ${saved.ref.bytes} bytes, and a session keeps ${LIMITS.agentStateBytes}.`,
    );
  const bytes = 'value' in saved ? byteLength(canonical(saved.value)) : 0;
  if (bytes > LIMITS.inlineStateBytes)
    return refuse(
      'STATE_TOO_LARGE',
      `The state is ${bytes} bytes, and a command carries ${LIMITS.inlineStateBytes}; a larger one goes by way of the payload store.`,
    );
  // Checkpoints keep a copy each; the preview stands in the history event of the command.
  const kept: SavedState = 'ref' in saved ? { ref: { ...saved.ref, preview: '' } } : saved;
  return accept({ type: 'stateSaved', state: { ...kept, at: now, actor: by.actor }, by });
}

/** Puts on record what Custody cannot see, and adds up what it cost (E7). */
export function record(session: Session, { by, entry }: Of<'record'>, now: number): Decision {
  const usage = sum(session.usage, entry.usage ?? NO_USAGE);
  const beyond = USAGE_KEYS.find((key) => !Number.isSafeInteger(usage[key]));
  if (beyond !== undefined)
    return refuse('MALFORMED_COMMAND', `With this, '${beyond}' of the session would be more than can be counted.`);
  return accept({ type: 'recorded', usage, by }, ...overBudget(session, usage, entry, now));
}

const sum = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  microUsd: a.microUsd + b.microUsd,
});

/** Money that was spent already can only be counted; what follows can be stopped. */
function overBudget(
  { state, governance, usage: before }: Session,
  usage: Usage,
  entry: AgentRecord,
  now: number,
): readonly Event[] {
  const limit = governance?.cost.budgetLimit ?? null;
  if (limit === null || usage.microUsd <= limit || !entry.usage?.microUsd) return [];
  const text = `the usage that agents recorded is ${usd(usage.microUsd)} USD, and cost.budgetLimit is ${usd(limit)} USD`;
  const noted: readonly Event[] = before.microUsd <= limit ? [{ type: 'noted', kind: 'budget', text }] : [];
  if (state.name !== 'RUNNING') return noted;
  return [
    ...noted,
    move(state, { name: 'PAUSED', cause: 'budget', reason: text, by: CUSTODY, since: now }, CUSTODY, text),
  ];
}

const usd = (microUsd: number): string => String(microUsd / 1_000_000);

/** Whatever an agent sends, a refused call too, says that it is there (L6). */
export function withSign(
  { governance, agent, state }: Session,
  decision: Decision,
  actor: string,
  now: number,
): Decision {
  if (!governance?.session.agentHeartbeat || isEnded(state)) return decision;
  const sign: Event =
    agent.lostAt === null ? { type: 'agentSeen', at: now } : { type: 'agentBack', at: now, by: actor };
  return { ...decision, events: [sign, ...(decision.events ?? [])] };
}

/**
 * When the agent of a session is taken for lost unless it gives a sign; never while a plan drives the session, or a
 * call is queued, under way or awaiting input.
 */
export function lossAt({ state, clock, governance, open, plan, spec, agent }: Session): number {
  const silence = governance?.session.agentHeartbeat ?? null;
  const isDriven = plan !== null && plan.cursor < (spec.plan?.length ?? 0);
  const isWaiting = open.some(({ phase }) => phase !== 'in_doubt');
  if (
    silence === null ||
    state.name !== 'RUNNING' ||
    clock.graceUntil !== null ||
    agent.lostAt !== null ||
    isDriven ||
    isWaiting
  )
    return Infinity;
  return Math.max(agent.seenAt ?? 0, clock.lastCallAt) + silence;
}

/** An agent that lost its heartbeat is a restart, counted once until it is back (L6). */
export function agentLost(session: Session, now: number): readonly Event[] {
  const at = lossAt(session);
  if (at > now) return [];
  const silence = session.governance?.session.agentHeartbeat ?? 0;
  const text = `the agent gave no sign for ${formatDuration(silence)}`;
  return [{ type: 'agentLost', at: now, text }, ...obeyOnRestart(session, text, now)];
}
