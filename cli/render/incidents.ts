import type { AllIncidents, SessionIncident } from '../../client/index.ts';
import { table } from './table.ts';
import { distance } from './time.ts';

/**
 * `custody incidents` in words.
 *
 * @param where options that the commands in it need beside their own
 */
export function showIncidents({ incidents, inTemporal }: AllIncidents, where: string): string {
  const parts: string[] = [];
  if (incidents.length === 0) parts.push('No incidents.');
  else parts.push(table(['SESSION', 'INCIDENT', 'SEVERITY', 'SEEN', 'SINCE', 'WHAT', 'DONE'], incidents.map(rowOf)));
  if (incidents.some(({ closed }) => closed === null))
    parts.push(`  $ custody incidents close SESSION INCIDENT --reason "what came of it"${where}`);
  if (inTemporal.length > 0) {
    const rows = inTemporal.map(({ id, what, at, by, reason }) => [
      id,
      what,
      distance(new Date(at).toISOString()),
      by ?? '',
      reason,
    ]);
    parts.push('Done in Temporal, past the session:', table(['SESSION', 'WHAT', 'NOTICED', 'BY', 'REASON'], rows));
  }
  return parts.join('\n\n');
}

function rowOf({ session, id, severity, times, openedAt, text, done, closed }: SessionIncident): string[] {
  const ended = closed && `closed by ${closed.by} (${closed.standing}): ${closed.reason}`;
  const seen = times === 1 ? 'once' : `${times} times`;
  return [session, id, severity, seen, distance(openedAt), text, ended ?? done];
}
