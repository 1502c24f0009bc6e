import { readFile } from 'node:fs/promises';
import type { temporal } from '@temporalio/proto';
import { type DecidedAttempt, DecisionReader } from '../../audit/decisions.ts';
import { RecordedPolicies } from '../../cedar/recorded.ts';
import type { Custody } from '../../client/custody.ts';
import { toCustodyError } from '../../client/temporal/errors.ts';
import { historyOf } from '../../client/temporal/history.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isSealed } from '../../keys/metadata.ts';
import type { PayloadStore } from '../../protocol/values/payload.ts';

/** The attempts of a session, in order, and the rules that it pinned. */
export interface RecordedSession {
  readonly session: string;
  readonly attempts: readonly DecidedAttempt[];
  readonly policies: RecordedPolicies;
}

/** @throws CustodyError SESSION_NOT_FOUND */
export async function recordedSession(custody: Custody, session: string): Promise<RecordedSession> {
  const reader = new DecisionReader();
  try {
    for await (const { runId, event, isCopy } of historyOf(custody.temporal, session, false))
      if (!isCopy) reader.read(runId, event);
  } catch (error) {
    throw toCustodyError(error, session);
  }
  return recorded(session, reader, custody.payloads);
}

/**
 * The same from files as `temporal workflow show --output json` writes them, one for each run; no Temporal is asked.
 * @throws CustodyError USAGE where a file is none
 */
export async function recordedInFiles(
  files: readonly string[],
  payloads: Pick<PayloadStore, 'get'>,
): Promise<RecordedSession> {
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  const reader = new DecisionReader();
  for (const file of files) {
    let history: temporal.api.history.v1.IHistory;
    try {
      history = historyFromJSON(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      const why = (error as Error).message;
      throw new CustodyError(
        'USAGE',
        `${file} is no history as temporal workflow show --output json writes it: ${why}`,
      );
    }
    for (const event of history.events ?? []) {
      if (event.activityTaskScheduledEventAttributes?.input?.payloads?.some(isSealed))
        throw new CustodyError('USAGE', `${file} is encrypted; ${HOW_OPENED}`);
      reader.read(file, event);
    }
  }
  return recorded(reader.attempts[0]?.intent.sessionId ?? '', reader, payloads);
}

const HOW_OPENED =
  'have it opened as it is written, with --codec-endpoint and `custody codec-server`, or ask Temporal.';

const recorded = (session: string, reader: DecisionReader, payloads: Pick<PayloadStore, 'get'>): RecordedSession => ({
  session,
  attempts: reader.attempts,
  policies: new RecordedPolicies(reader.rules, payloads),
});
