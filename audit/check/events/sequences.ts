import { type Finding, finding } from '../finding.ts';
import type { Kind, Typed } from './kinds.ts';

const NUMBERED: readonly (readonly [kind: Kind, field: string])[] = [
  ['activityTaskScheduled', 'activityId'],
  ['timerStarted', 'timerId'],
];

/**
 * The SDK numbers activities and timers of a run from 1 on: a number that was left out, or stands twice, is told. An
 * activity that a workflow gave an id of its own has no number.
 */
export function checkSequences(run: string, events: readonly Typed[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [of, field] of NUMBERED) {
    let last = 0;
    for (const { id, kind, attributes } of events) {
      if (kind !== of || !/^\d{1,9}$/.test(String(attributes[field]))) continue;
      const next = Number(attributes[field]);
      const place = { run, events: [id] };
      if (next <= last) findings.push(finding('SEQUENCE', { kind, number: next, last }, place));
      else if (next > last + 1) findings.push(finding('SEQUENCE_GAP', { kind, from: last + 1, to: next - 1 }, place));
      last = next;
    }
  }
  return findings;
}
