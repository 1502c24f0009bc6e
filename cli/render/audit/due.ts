import { counted } from '../../../protocol/values/text.ts';
import type { Due } from '../../audit/due.ts';
import { table } from '../table.ts';

/** `custody audit due` in words. */
export function showDue(sessions: readonly Due[]): string {
  if (sessions.length === 0) return 'No sessions.';
  return table(
    ['SESSION', 'SEALED', 'ENDED', 'DUE', 'WHAT IS SPECIAL'],
    sessions.map((each) => [
      each.session,
      counted(each.records, 'record'),
      each.endedAt ?? '',
      each.dueAt ?? '',
      specialOf(each),
    ]),
  );
}

function specialOf({ hold, isErased, failing }: Due): string {
  if (failing) return `${failing.code}: ${failing.message}`;
  if (isErased) return 'erased';
  return hold === null ? '' : `held back by ${hold.by}: ${hold.reason}`;
}
