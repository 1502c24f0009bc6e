import type { SessionSummary } from '../../client/list/list.ts';
import { table } from './table.ts';
import { distance } from './time.ts';

/** `custody list` in words. */
export function showSessions(sessions: readonly SessionSummary[]): string {
  if (sessions.length === 0) return 'No sessions.';
  const listed = table(
    ['SESSION', 'STATE', 'CAUSE', 'AGENT', 'PROFILE', 'STARTED', 'BY', 'DEADLINE', 'IN DOUBT', 'WAITS FOR'],
    sessions.map(
      ({
        id,
        state,
        cause,
        agent,
        profile,
        startedAt,
        startedBy,
        standing,
        deadlineAt,
        closedAt,
        inDoubt,
        pending,
      }) => [
        id,
        state,
        cause ?? '',
        agent ?? '',
        profile ?? '',
        startedAt,
        startedBy === null ? '' : `${startedBy} (${standing ?? 'claimed'})`,
        deadlineAt === null || closedAt !== null ? '' : distance(deadlineAt),
        inDoubt > 0 ? String(inDoubt) : '',
        pending.join(', '),
      ],
    ),
  );
  const hint = (waits: string, what: string, command: string): string[] =>
    sessions.some(({ pending }) => pending.includes(waits)) ? [`\n\n${what}:\n  $ ${command}`] : [];
  return [
    listed,
    ...hint('approve', 'What waits for approval', 'custody approvals'),
    ...hint('review', 'What is to be reviewed', 'custody reviews'),
  ].join('');
}
