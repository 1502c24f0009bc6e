import { ApplicationFailure, Context } from '@temporalio/activity';
import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeats } from './heartbeats/heartbeats.ts';
import type { SendingMark } from '../protocol/calls/marks.ts';
import type { AttemptOrder, AttemptReport } from '../protocol/calls/said.ts';

/**
 * Makes one attempt of a call and reports how it ended; what is no answer of the tool is a failure that carries the
 * outcome.
 */
export const callTool =
  (deps: ActivityDeps) =>
  async (intent: AttemptOrder): Promise<AttemptReport> => {
    const beats = heartbeats({ sending: false, worker: deps.worker } satisfies SendingMark);
    const attempt = new Attempt(deps, intent, beats);
    try {
      const outcome = wasReset(intent) ? OF_ANOTHER_RUN : await deps.outcomes.keep(intent, () => attempt.outcome());
      const { said } = attempt.hearing;
      const told: AttemptReport = said ? { ...outcome, said } : outcome;
      if (told.kind === 'succeeded' || told.kind === 'tool_error' || told.kind === 'input_required') return told;
      throw ApplicationFailure.create({
        message: told.message,
        type: told.code,
        nonRetryable: true,
        details: [told],
      });
    } finally {
      await attempt.done();
      beats.stop();
    }
  };

/**
 * A reset makes Temporal schedule attempts again that were under way at its point: the run before it may have made
 * them.
 */
const wasReset = ({ runId }: Intent): boolean =>
  runId !== undefined && runId !== Context.current().info.workflowExecution?.runId;
const OF_ANOTHER_RUN: AttemptOutcome = {
  kind: 'unknown',
  code: 'SESSION_RESET',
  message: 'the session was reset in Temporal while the call was, or may have been, sent by the run before.',
};
