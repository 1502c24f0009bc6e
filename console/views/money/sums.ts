import type { SessionCost } from '../../../client/index.ts';

/** Money under a name, in parts that add up; integer micro-USD. */
export interface Sum {
  readonly name: string;
  readonly parts: readonly number[];
}

const MOST = 20;

/** The largest, and the others in one. */
export function largest(sums: readonly Sum[]): readonly Sum[] {
  const sorted = sums.toSorted((a, b) => total(b) - total(a));
  const rest = sorted.slice(MOST);
  if (rest.length === 0) return sorted;
  const parts = rest[0]!.parts.map((_, index) => rest.reduce((sum, { parts: of }) => sum + (of[index] ?? 0), 0));
  return [...sorted.slice(0, MOST), { name: `${rest.length} others`, parts }];
}

export const total = ({ parts }: Sum): number => parts.reduce((sum, part) => sum + part, 0);

/** Spent, reserved and free of each session. */
export const bySession = (sessions: readonly SessionCost[]): readonly Sum[] =>
  sessions.flatMap(({ id, money }) =>
    money ? [{ name: id, parts: [money.spent, money.reserved, money.free ?? 0] }] : [],
  );

/** What was spent, under a name that each session has. */
export function spentBy(sessions: readonly SessionCost[], name: (session: SessionCost) => string): readonly Sum[] {
  const sums = new Map<string, number>();
  for (const session of sessions) sums.set(name(session), (sums.get(name(session)) ?? 0) + (session.money?.spent ?? 0));
  return [...sums].map(([each, sum]) => ({ name: each, parts: [sum] }));
}

/** What calls of each tool cost, by all sessions. */
export function byTool(sessions: readonly SessionCost[]): readonly Sum[] {
  const sums = new Map<string, number>();
  for (const { money } of sessions)
    for (const [name, { microUsd }] of Object.entries(money?.byName ?? {}))
      sums.set(name, (sums.get(name) ?? 0) + microUsd);
  return [...sums].map(([name, sum]) => ({ name, parts: [sum] }));
}
