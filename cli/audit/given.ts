import { readFile, stat } from 'node:fs/promises';
import { MOST_BYTES, runInFile } from '../../audit/check/file.ts';
import type { GivenRun } from '../../audit/check/finding.ts';
import type { HistoryEvent } from '../../audit/history.ts';
import type { Custody } from '../../client/custody.ts';
import { toCustodyError } from '../../client/temporal/errors.ts';
import { historyOf } from '../../client/temporal/history.ts';
import { isSealed } from '../../keys/metadata.ts';
import { CustodyError } from '../../protocol/errors.ts';

/** The runs of a session, and whether it is open. */
export interface GivenRuns {
  readonly runs: readonly GivenRun[];
  readonly isOpen: boolean;
}

/** @throws CustodyError SESSION_NOT_FOUND */
export async function runsOf(custody: Custody, session: string): Promise<GivenRuns> {
  const runs = new Map<string, HistoryEvent[]>();
  const { temporal } = custody;
  try {
    for await (const { runId, event } of historyOf(temporal, session, false)) {
      const events = runs.get(runId);
      if (events) events.push(event);
      else runs.set(runId, [event]);
    }
    const { status } = await temporal.workflow.getHandle(session).describe();
    const isOpen = status.name === 'RUNNING' || status.name === 'PAUSED';
    return { runs: [...runs].map(([runId, events]) => ({ runId, events })), isOpen };
  } catch (error) {
    throw toCustodyError(error, session);
  }
}

/**
 * The same from files as `temporal workflow show --output json` writes them, one for each run; no Temporal is asked.
 * @throws CustodyError USAGE where a file is none
 */
export async function runsInFiles(files: readonly string[]): Promise<readonly GivenRun[]> {
  const runs: GivenRun[] = [];
  for (const file of files) {
    const run = await runInFile(file, await textOf(file));
    if (run.events.some(isEncrypted)) throw new CustodyError('USAGE', `${file} is encrypted; ${HOW_OPENED}`);
    runs.push(run);
  }
  return runs;
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, and ${MOST_BYTES} are read at most`);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CustodyError('USAGE', `${file} cannot be read: ${(error as Error).message}`);
  }
}

const HOW_OPENED =
  'have it opened as it is written, with --codec-endpoint and `custody codec-server`, or ask Temporal.';

const isEncrypted = (event: HistoryEvent): boolean =>
  [event.workflowExecutionStartedEventAttributes?.input, event.activityTaskScheduledEventAttributes?.input].some(
    (input) => input?.payloads?.some(isSealed) ?? false,
  );
