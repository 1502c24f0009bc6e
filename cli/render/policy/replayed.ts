import type { PolicyDecision } from '../../../protocol/calls/policy.ts';
import { counted } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import type { Replayed } from '../../policy/replay.ts';
import { table } from '../table.ts';

/** `custody policy replay` in words. @param isOther by other rules than the recorded ones */
export function showReplayed({ sessions, decided, differences, skipped }: Replayed, isOther: boolean): string {
  const rows = differences.map(({ session, callId, attempt, call, then, now }) => [
    session,
    attempt === 1 ? callId : `${callId} (${attempt})`,
    call,
    then ? said(then) : 'not on record',
    said(now),
  ]);
  const what = isOther ? 'would be decided otherwise' : 'differ from the record';
  return [
    ...(rows.length === 0 ? [] : [table(['SESSION', 'CALL', 'TOOL', 'THEN', 'NOW'], rows)]),
    `${counted(decided, 'decision')} of ${counted(sessions, 'session')} made once more: ${differences.length} ${what}.`,
    ...Object.entries(skipped).map(([why, count]) => `Left out: ${count}, ${printable(why)}.`),
  ].join('\n');
}

const said = ({ verdict, rules, errors = [] }: PolicyDecision): string => {
  const by = errors.length > 0 ? errors.map(({ rule }) => `${rule} errs`) : rules;
  return `${verdict}: ${by.join(', ') || 'no rule'}`;
};
