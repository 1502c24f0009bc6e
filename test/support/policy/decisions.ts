import type { Custody } from '../../../client/index.ts';
import { decode } from '../../../audit/history.ts';
import type { AttemptOutcome, Intent } from '../../../protocol/calls/call.ts';
import type { SendingMark } from '../../../protocol/calls/marks.ts';
import type { PolicyDecision } from '../../../protocol/calls/policy.ts';

/** What the history of a session has of one attempt. */
export interface DecidedAttempt {
  readonly callId: string;
  readonly attempt: number;
  readonly approved: boolean;
  /** It was, or may have been, sent: its mark is on record, or an answer. */
  readonly sent: boolean;
  readonly decision: PolicyDecision | undefined;
}

/** The attempts of a session, with what rules said of each, from the last run of its history alone. */
export async function decisionsOf(custody: Custody, id: string): Promise<readonly DecidedAttempt[]> {
  const { events = [] } = await custody.temporal.workflow.getHandle(id).fetchHistory();
  const intents = new Map<string, Intent>();
  return (events ?? []).flatMap((event): readonly DecidedAttempt[] => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'callTool')
      intents.set(String(event.eventId), decode(scheduled.input)[0] as unknown as Intent);
    const done = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const silent = event.activityTaskTimedOutEventAttributes;
    const intent = intents.get(String((done ?? failed ?? silent)?.scheduledEventId));
    if (!intent) return [];
    const { callId, attempt, grant } = intent;
    const head = { callId, attempt, approved: grant !== undefined };
    if (silent) {
      const details = silent.failure?.cause?.timeoutFailureInfo ?? silent.failure?.timeoutFailureInfo;
      const mark = decode(details?.lastHeartbeatDetails)[0] as unknown as SendingMark | undefined;
      return [{ ...head, sent: mark?.sending === true, decision: mark?.decision }];
    }
    const outcome = (done
      ? decode(done.result)[0]
      : decode(failed?.failure?.applicationFailureInfo?.details)[0]) as unknown as AttemptOutcome | undefined;
    const sent = outcome !== undefined && !['denied', 'needs_approval', 'not_sent'].includes(outcome.kind);
    return [{ ...head, sent, decision: outcome?.decision }];
  });
}
