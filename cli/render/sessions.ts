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
  const asks = sessions.some(({ pending }) => pending.includes('approve'));
  return asks ? `${listed}\n\nWhat waits for approval:\n  $ custody approvals` : listed;
}
