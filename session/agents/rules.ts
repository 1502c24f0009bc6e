import { NO_USAGE, type SavedState, type Usage, USAGE_KEYS } from '../../protocol/agent.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength, canonical } from '../../protocol/values/digest.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, illegal, pauseItself, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

/** An agent that started again is there. */
export const attach = ({ by }: CommandOf<'attach'>, now: number): Decision => accept({ type: 'attached', by, at: now });

/** Keeps what an agent wants to find again; the last word counts. */
export function saveState(session: Session, { by, saved }: CommandOf<'saveState'>, now: number): Decision {
  const { state } = session;
  if (state.name === 'ROLLBACK' || (state.name === 'AUDIT' && state.then.name !== 'RUNNING'))
    return illegal(session, 'saveState', 'INIT, RUNNING, PAUSED and RESUMING');
  const problem = tooLarge(saved);
  if (problem !== undefined) return refuse('STATE_TOO_LARGE', problem);
  const proof = by.proven ? { proof: by.proven } : {};
  // Checkpoints keep a copy each; the preview stands in the history event of the command.
  const kept: SavedState = 'ref' in saved ? { ref: { ...saved.ref, preview: '' } } : saved;
  return accept({ type: 'stateSaved', state: { ...kept, at: now, actor: by.actor, ...proof }, by });
}

function tooLarge(saved: SavedState): string | undefined {
  const bytes = 'ref' in saved ? saved.ref.bytes : byteLength(canonical(saved.value));
  if (bytes > LIMITS.agentStateBytes)
    return `The state is ${bytes} bytes, and a session keeps ${LIMITS.agentStateBytes}.`;
  if ('ref' in saved || bytes <= LIMITS.inlineStateBytes) return undefined;
  const way = 'a larger one goes by way of the payload store';
  return `The state is ${bytes} bytes, and a command carries ${LIMITS.inlineStateBytes}; ${way}.`;
}

/** Puts on record what Custody cannot see, and adds up what it cost. */
export function record(session: Session, { by, entry }: CommandOf<'record'>, now: number): Decision {
  const usage = sum(session.usage, entry.usage ?? NO_USAGE);
  const beyond = USAGE_KEYS.find((key) => !Number.isSafeInteger(usage[key]));
  if (beyond !== undefined)
    return refuse('MALFORMED_COMMAND', `With this, '${beyond}' of the session would be more than can be counted.`);
  const isSpent = (entry.usage?.microUsd ?? 0) > 0;
  return accept({ type: 'recorded', entry, usage, by }, ...(isSpent ? overBudget(session, usage, now) : []));
}

const sum = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  microUsd: a.microUsd + b.microUsd,
});

/** Of a session that began before there were accounts: money that was spent already can only be counted. */
function overBudget(session: Session, usage: Usage, now: number): readonly Event[] {
  const { state, governance, usage: before, account } = session;
  const limit = governance?.cost.budgetLimit ?? null;
  if (account || limit === null || usage.microUsd <= limit) return [];
  const text =
    `the usage that agents recorded is ${usd(usage.microUsd)} USD, and ` + `cost.budgetLimit is ${usd(limit)} USD`;
  const noted: readonly Event[] = before.microUsd <= limit ? [{ type: 'noted', kind: 'budget', text }] : [];
  return state.name === 'RUNNING' ? [...noted, pauseItself(state, 'budget', text, now)] : noted;
}

const usd = (microUsd: number): string => String(microUsd / 1_000_000);
