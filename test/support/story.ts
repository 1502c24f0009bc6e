import type { Custody, Entry } from '../../client/index.ts';
import { type HistoryEvent, decode, instantOf } from '../../audit/history.ts';
import type { Intent } from '../../protocol/calls/call.ts';
import { historyOf } from '../../client/temporal/history.ts';

/** What stands in the history of a session, over all its runs. */
export interface Story {
  readonly entries: readonly Entry[];
  /** Attempts that Temporal ended because their worker sent no heartbeat, as `call id/attempt`. */
  readonly fellSilent: readonly string[];
  /** Those of them whose worker had said that it had them: it fell silent itself. */
  readonly begunAndSilent: readonly string[];
  /**
   * When an attempt that fell silent was followed by the next step for its call: its worker asked, or another attempt.
   * Epoch milliseconds by call id.
   */
  readonly asked: ReadonlyMap<string, number>;
}

/** Reads it from Temporal, without a worker. */
export async function storyOf(custody: Custody, id: string): Promise<Story> {
  const entries: Entry[] = [];
  for await (const entry of custody.session(id).watch({ follow: false })) entries.push(entry);
  const fellSilent: string[] = [];
  const begunAndSilent: string[] = [];
  const asked = new Map<string, number>();
  const scheduled = new Map<string, Intent>();
  for await (const { event } of historyOf(custody.temporal, id, false)) {
    const attributes = event.activityTaskScheduledEventAttributes;
    if (attributes) {
      const intent = decode(attributes.input)[0] as Intent;
      scheduled.set(String(event.eventId), intent);
      if (fellSilent.some((each) => each.startsWith(`${intent.callId}/`)) && !asked.has(intent.callId))
        asked.set(intent.callId, instantOf(event.eventTime));
    }
    const intent = silenced(event, scheduled);
    if (!intent) continue;
    fellSilent.push(`${intent.callId}/${intent.attempt}`);
    const failure = event.activityTaskTimedOutEventAttributes?.failure;
    const details = (failure?.cause ?? failure)?.timeoutFailureInfo?.lastHeartbeatDetails;
    if (decode(details)[0] !== undefined) begunAndSilent.push(`${intent.callId}/${intent.attempt}`);
  }
  return { entries, fellSilent, begunAndSilent, asked };
}

const HEARTBEAT_TIMEOUT = 4;

function silenced(event: HistoryEvent, scheduled: ReadonlyMap<string, Intent>): Intent | undefined {
  const attributes = event.activityTaskTimedOutEventAttributes;
  if (
    attributes?.failure?.cause?.timeoutFailureInfo?.timeoutType !== HEARTBEAT_TIMEOUT &&
    attributes?.failure?.timeoutFailureInfo?.timeoutType !== HEARTBEAT_TIMEOUT
  )
    return undefined;
  return scheduled.get(String(attributes.scheduledEventId));
}
