import { type Checked, type Finding, finding } from './finding.ts';
import type { ReadRun } from './records.ts';

/**
 * Are the session's own numbers whole: those of its records, of intents, and of its answers to commands, from 1 on
 * over all runs, without gap or repeat?
 */
export function checkNumbers(runs: readonly ReadRun[]): Checked {
  const findings: Finding[] = runs.flatMap(({ unreadable }) => unreadable);
  let last = 0;
  let numbers = 0;
  runs.forEach((run, index) => {
    const before = runs[index - 1];
    const { carried, runId } = run;
    if (carried && before && carried.record !== last) findings.push(handedOver(run, before, last));
    if (carried) last = carried.record;
    const found = numbersIn(run);
    numbers += found.size;
    findings.push(...repeated(runId, found), ...gaps(run, found, last));
    for (const n of found.keys()) last = Math.max(last, n);
  });
  return { name: 'numbers', counted: { numbers, last }, findings };
}

/** A run that was ended from outside may have used numbers in a task of which nothing was written. */
function handedOver({ runId: run, carried, recovers }: ReadRun, before: ReadRun, last: number): Finding {
  const record = carried?.record ?? 0;
  const data = { from: last + 1, to: record, before: before.runId };
  if (recovers !== null && record > last) return finding('NUMBER_UNWRITTEN', data, { run });
  return finding('NUMBER_CARRIED', { says: record, last, before: before.runId }, { run, events: [1] });
}

type Numbers = ReadonlyMap<number, readonly number[]>;

/** The events at which each number stands. */
function numbersIn({ records }: ReadRun): Numbers {
  const found = new Map<number, number[]>();
  for (const { n, events } of records)
    if (n !== null) found.set(n, [...(found.get(n) ?? []), events.at(-1) ?? 0].slice(0, 5));
  return found;
}

const repeated = (run: string, found: Numbers): readonly Finding[] =>
  [...found]
    .filter(([n, events]) => events.length > 1 || !Number.isSafeInteger(n) || n < 1)
    .map(([n, events]) => finding('NUMBER_REPEATED', {}, { run, events, records: [n] }));

/** @param last number before this run */
function gaps({ runId: run }: ReadRun, found: Numbers, last: number): readonly Finding[] {
  const findings: Finding[] = [];
  let before = last;
  for (const [n, events] of [...found].sort(([a], [b]) => a - b)) {
    if (n <= last) findings.push(finding('NUMBER_REPEATED', { last }, { run, events, records: [n] }));
    else if (n > before + 1) findings.push(finding('NUMBER_GAP', { from: before + 1, to: n - 1 }, { run, events }));
    before = Math.max(before, n);
  }
  return findings;
}
