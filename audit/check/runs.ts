import { isDeepStrictEqual } from 'node:util';
import { type Checked, type Finding, finding, idOf } from './finding.ts';
import type { LinkedRun } from './line.ts';
import type { ReadLine, ReadRun } from './records.ts';

/** Is the chain of runs whole: over continue-as-new, resets and recoveries? */
export function checkRuns({ runs, beside }: ReadLine): Checked {
  const all = [...runs, ...beside];
  const byId = new Map(all.map((run) => [run.runId, run]));
  const findings = all.flatMap((run) => [
    ...checkOwner(run, all),
    ...checkBefore(run, byId),
    ...checkNext(run, byId),
    ...checkReset(run, byId),
  ]);
  const resets = all.filter(({ reset }) => reset !== null).length;
  const recoveries = all.filter(({ recovers }) => recovers !== null).length;
  const counted = { runs: all.length, resets, recoveries };
  const left = [...unexplained(runs, beside, byId), ...discarded(beside)];
  return { name: 'runs', counted, findings: [...twice(all), ...findings, ...left] };
}

const twice = (all: readonly LinkedRun[]): readonly Finding[] =>
  all
    .filter(({ runId }, index) => all.findIndex((other) => other.runId === runId) !== index)
    .map(({ runId: run }) => finding('RUN_LINK', { what: 'the run was given twice' }, { run }));

/** All runs are of one session. */
function checkOwner({ runId: run, session, type }: LinkedRun, [first]: readonly LinkedRun[]): readonly Finding[] {
  if (session === first?.session && type === first.type) return [];
  return [finding('RUN_FOREIGN', { session, type, of: first?.session ?? '' }, { run })];
}

type Runs = ReadonlyMap<string, ReadRun>;

/** The run before is there, ended by making place for this one, and is of the same chain. */
function checkBefore({ runId: run, continues, recovers, first, reset }: LinkedRun, runs: Runs): readonly Finding[] {
  const place = { run, events: [1] };
  if (continues === null && recovers === null) {
    const isFirst = first === '' || first === run || reset !== null;
    return isFirst ? [] : [finding('RUN_LINK', { what: 'it names another as the first of its chain', first }, place)];
  }
  const [id, how] = continues === null ? [recovers ?? '', 'recovered'] : [continues, 'continued'];
  const before = runs.get(id);
  if (!before) return [finding('RUN_MISSING', { runId: id, how }, place)];
  if (how === 'recovered') return [];
  const findings: Finding[] = [];
  if (before.next !== run && reset === null)
    findings.push(finding('RUN_LINK', { what: 'the run before does not name it', before: id }, place));
  if (before.first !== first)
    findings.push(finding('RUN_LINK', { what: 'it is of another chain than the run before', before: id }, place));
  return findings;
}

function checkNext({ runId: run, next, events }: LinkedRun, runs: Runs): readonly Finding[] {
  if (next === null || runs.has(next)) return [];
  return [finding('RUN_MISSING', { runId: next, how: 'next' }, { run, events: [events.length] })];
}

/** What a reset copied is what the run before has, event by event. */
function checkReset({ runId: run, events, reset }: LinkedRun, runs: Runs): readonly Finding[] {
  if (!reset) return [];
  const base = runs.get(reset.base);
  if (!base) return [finding('RUN_MISSING', { runId: reset.base, how: 'reset' }, { run, events: [reset.at] })];
  const copied = events.filter((event) => idOf(event) < reset.at);
  const originals = new Map(base.events.map((event) => [idOf(event), event]));
  const differing = copied.filter((event) => !isDeepStrictEqual(event, originals.get(idOf(event)))).map(idOf);
  const findings =
    differing.length > 0 ? [finding('RESET_COPY', { base: reset.base }, { run, events: differing })] : [];
  return [...findings, left(base, 'reset', reset.at)];
}

/** What of a run counts no more: events from one on, and the numbers of their records. */
function left({ runId: run, events, records: all }: ReadRun, how: 'reset' | 'recovery', from: number): Finding {
  const records = all.flatMap(({ n, events: on }) => (n !== null && (on.at(-1) ?? 0) >= from ? [n] : []));
  return finding('DISCARDED', { how, from, to: idOf(events.at(-1) ?? {}) }, { run, records });
}

/** Runs beside the line that no reset accounts for, as one of another chain under the same id. */
function unexplained(runs: readonly ReadRun[], beside: readonly ReadRun[], byId: Runs): readonly Finding[] {
  const known = new Set<string>();
  const rest = [...runs, ...beside.filter(({ reset }) => reset !== null)];
  for (let run = rest.pop(); run; run = rest.pop()) {
    if (known.has(run.runId)) continue;
    known.add(run.runId);
    for (const id of [run.continues, run.recovers, run.reset?.base]) {
      const before = byId.get(id ?? '');
      if (before) rest.push(before);
    }
  }
  return beside
    .filter(({ runId, next }) => !known.has(runId) && (next === null || byId.has(next)))
    .map(({ runId: run }) => finding('RUN_LINK', { what: 'no run that was given goes on from it' }, { run }));
}

/** Runs that a recovery left behind, but for those that a reset copied: these are told already. */
const discarded = (beside: readonly ReadRun[]): readonly Finding[] =>
  beside
    .filter((run) => run.reset !== null && beside.every((other) => other.reset?.base !== run.runId))
    .map((run) => left(run, 'recovery', run.reset?.at ?? 1));
