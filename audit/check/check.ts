import type { PrincipalList } from '../../protocol/identity/principals.ts';
import { checkCalls, decisionsIn } from './calls/check.ts';
import { checkDecisions, type Decide } from './decisions.ts';
import { checkEvents } from './events/check.ts';
import { type Checked, type CheckName, finding, type GivenRun } from './finding.ts';
import { lineOf } from './line.ts';
import { checkMoney } from './money/check.ts';
import { checkNumbers } from './numbers.ts';
import { checkProofs } from './proofs.ts';
import { type ReadLine, readLine } from './records.ts';
import { checkReplay, type Replay } from './replay.ts';
import { checkRuns } from './runs.ts';
import { checkTransitions } from './transitions.ts';

/** What histories are held against beside themselves. */
export interface CheckTerms {
  /** The last run is told to be open. */
  readonly isOpen?: boolean;
  /** Of Temporal: what was signed names it. */
  readonly namespace: string;
  /** Lists of principals as they were when signatures were checked. */
  readonly principals?: readonly PrincipalList[];
  readonly decide?: Decide;
  readonly replay?: Replay;
}

/** What was checked of a session, and what was found. */
export interface Completeness {
  readonly session: string;
  readonly runs: readonly string[];
  /** Nothing is broken or missing; notes may tell of what was not checked. */
  readonly isWhole: boolean;
  readonly checks: readonly Checked[];
}

const SESSION = 'custodySession';

/**
 * Is the history of a session complete, and does all on record agree with itself? All runs are given, in any order: of
 * its chain, and of resets and recoveries. They are hostile until read: whatever they hold, a check ends.
 */
export async function checkSession(given: readonly GivenRun[], terms: CheckTerms): Promise<Completeness> {
  const line = lineOf(given);
  const last = line.runs.at(-1);
  const session = last?.session ?? '';
  const read: ReadLine[] = [];
  const checks = [
    await guarded('events', () => checkEvents(given, terms.isOpen ? last?.runId : undefined)),
    await guarded('runs', () => {
      read.push(readLine(line));
      return checkRuns(read[0]!);
    }),
  ];
  const runs = read[0]?.runs;
  if (runs && last?.type === SESSION) {
    const { namespace, principals = [], decide, replay } = terms;
    const lists = new Map(principals.map((list) => [list.hash, list]));
    checks.push(
      await guarded('numbers', () => checkNumbers(runs)),
      await guarded('transitions', () => checkTransitions(runs)),
      await guarded('calls', () => checkCalls(runs, session)),
      await guarded('money', () => checkMoney(runs)),
      await guarded('proofs', () => checkProofs(runs, { namespace, session, lists })),
      await guarded('decisions', () => checkDecisions(decisionsIn(runs), decide)),
      await guarded('replay', () => checkReplay(given, session, replay)),
    );
  } else if (runs) checks[1] = withNote(checks[1]!, last?.type ?? '');
  const isWhole =
    given.length > 0 && checks.every(({ findings }) => findings.every(({ severity }) => severity === 'note'));
  return { session, runs: line.runs.map(({ runId }) => runId), isWhole, checks };
}

/** What a hostile history makes of a check is a finding. */
async function guarded(name: CheckName, check: () => Checked | Promise<Checked>): Promise<Checked> {
  try {
    return await check();
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    return { name, counted: {}, findings: [finding('CHECK_FAILED', { check: name, why })] };
  }
}

const withNote = (checked: Checked, type: string): Checked => ({
  ...checked,
  findings: [...checked.findings, finding('NO_SESSION', { type })],
});
