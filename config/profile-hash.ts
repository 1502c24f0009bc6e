import { digestOf } from '../protocol/values/digest.ts';
import type { ProvenAct } from '../protocol/identity/roles.ts';
import { DEFAULTS, type Governance } from '../protocol/governance.ts';
import type { Json } from '../protocol/values/json.ts';

/** Keys of `session` that 0.1.0 did not have; nor had it the blocks `approvals`, `proof` and `reviews`. */
const ADDED: readonly string[] = [
  'maxCalls',
  'maxBytes',
  'maxIdentical',
  'maxArguments',
  'maxResult',
  'agentHeartbeat',
  'askRepeats',
  'serverWait',
] satisfies readonly (keyof Governance['session'])[];

/** Nor had `cost` these. */
const ADDED_COSTS: readonly string[] = [
  'personCost',
  'delayOnTimeout',
  'delayOnRestart',
  'delayOnRollback',
] satisfies readonly (keyof Governance['cost'])[];

/**
 * SHA-256 of the RFC 8785 form of a profile, which sessions pin. A key that came after 0.1.0 counts only where it is
 * not at its default: a profile that does not use it has the hash that it always had, and sessions that pinned it see
 * no change.
 */
export function profileHash(governance: Governance): string {
  const { session, cost, approvals, proof, reviews, incidents, onIncident, scan, ...rest } = governance;
  // Nor had it these blocks.
  const blocks = { reviews, incidents, onIncident, scan };
  const added = Object.entries(blocks).filter(
    ([block, value]) => digestOf(value) !== digestOf(DEFAULTS[block as keyof typeof blocks]),
  );
  // Nor had the block `topUp` before there was money.
  const { topUp = 0, ...others } = approvals;
  const asks = topUp > 0 ? approvals : others;
  const isUsed = digestOf(approvals) !== digestOf(DEFAULTS.approvals);
  const asked = Object.entries(proof).filter(([act, value]) => value !== DEFAULTS.proof[act as ProvenAct]);
  const counted = {
    ...rest,
    session: used(session, ADDED, DEFAULTS.session),
    cost: used(cost, ADDED_COSTS, DEFAULTS.cost),
    ...Object.fromEntries(added),
    ...(isUsed ? { approvals: asks } : {}),
    ...(asked.length > 0 ? { proof: Object.fromEntries(asked) } : {}),
  };
  return digestOf(counted as unknown as Json);
}

/** A block without the keys that were added and are at their defaults. */
const used = <B extends object>(block: B, added: readonly string[], defaults: B) =>
  Object.fromEntries(
    Object.entries(block).filter(([key, value]) => !added.includes(key) || value !== defaults[key as keyof B]),
  );
