import type { SessionCost } from '../../client/index.ts';
import { LAYERS } from '../../protocol/records.ts';

export const GROUPINGS = ['session', 'agent', 'profile', 'label', 'day', 'tool'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const PARTS = ['calls', 'recorded', ...LAYERS] as const;
type Part = (typeof PARTS)[number];

/** What a group of sessions cost, integer micro-USD. */
export interface CostRow {
  readonly name: string;
  readonly sessions: number;
  readonly parts: { readonly [part in Part]: number };
  readonly spent: number;
  /** Beside what is spent. */
  readonly reserved: number;
}

/**
 * Sums by session, agent, profile, label, day (UTC, on which a session started) or tool, the dearest first. A session
 * with several labels is in the row of each; by tool there are calls alone.
 */
export function costsBy(sessions: readonly SessionCost[], grouping: Grouping): readonly CostRow[] {
  const rows = new Map<string, CostRow>();
  for (const session of sessions)
    for (const [name, row] of grouping === 'tool' ? byTool(session) : byName(session, grouping))
      rows.set(name, sum(rows.get(name), row));
  return [...rows.values()].sort((a, b) => b.spent - a.spent || a.name.localeCompare(b.name));
}

/** All of it. */
export const totalOf = (sessions: readonly SessionCost[]): CostRow =>
  sessions.reduce((total, session) => sum(total, rowOf('total', session)), { ...NOTHING, name: 'total' });

const NO_PARTS = Object.fromEntries(PARTS.map((part) => [part, 0])) as CostRow['parts'];
const NOTHING: CostRow = { name: '', sessions: 0, parts: NO_PARTS, spent: 0, reserved: 0 };

function rowOf(name: string, { money }: SessionCost): CostRow {
  if (!money) return { ...NOTHING, name, sessions: 1 };
  const { parts, spent, overrun, reserved } = money;
  return { name, sessions: 1, parts, spent: spent + overrun, reserved };
}

function byName(session: SessionCost, grouping: Exclude<Grouping, 'tool'>): readonly (readonly [string, CostRow])[] {
  return namesOf(session, grouping).map((name) => [name, rowOf(name, session)] as const);
}

function namesOf(
  { id, agent, profile, labels, startedAt }: SessionCost,
  grouping: Exclude<Grouping, 'tool'>,
): readonly string[] {
  switch (grouping) {
    case 'session':
      return [id];
    case 'agent':
      return [agent.id];
    case 'profile':
      return [profile];
    case 'day':
      return [startedAt.slice(0, 'YYYY-MM-DD'.length)];
    case 'label': {
      const names = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      return names.length > 0 ? names : ['(none)'];
    }
    default:
      return grouping satisfies never;
  }
}

const byTool = ({ money }: SessionCost): readonly (readonly [string, CostRow])[] =>
  Object.entries(money?.byName ?? {}).map(([name, { microUsd }]) => [
    name,
    { ...NOTHING, name, sessions: 1, parts: { ...NO_PARTS, calls: microUsd }, spent: microUsd },
  ]);

function sum(a: CostRow | undefined, b: CostRow): CostRow {
  if (!a) return b;
  return {
    name: a.name,
    sessions: a.sessions + b.sessions,
    parts: Object.fromEntries(PARTS.map((part) => [part, a.parts[part] + b.parts[part]])) as CostRow['parts'],
    spent: a.spent + b.spent,
    reserved: a.reserved + b.reserved,
  };
}
