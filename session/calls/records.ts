import type { Given } from '../../protocol/calls/asks.ts';
import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** Characters of what a server asks, of which the whole stands in the outcome of the attempt. */
const MAX_ASK = 500;

/** Of these there is a record `denied`. */
const DENIED: ReadonlySet<string> = new Set(['POLICY_DENIED', 'SCAN_BLOCKED', 'SCAN_FAILED']);

const actionOf = ({ response }: Given): string => response.action;

/** What becomes of calls, on record. */
export function callRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'attemptRepeated':
      return record('execution', 'attempt-repeated', { callId: event.callId, ...event.trouble });
    case 'callInDoubt':
      return record('compliance', 'in-doubt', { callId: event.callId, ...event.trouble });
    case 'callAsks': {
      const messages = event.asks.forms.map(({ message }) => message.slice(0, MAX_ASK));
      return messages.length > 0 ? record('execution', 'asks', { callId: event.callId, messages }) : undefined;
    }
    case 'askRefused':
      return record('compliance', 'ask-refused', { callId: event.callId, methods: event.methods });
    case 'callRespondedInPart': {
      const { callId, responses, reason, by } = event;
      return record('execution', 'responded', { callId, actions: responses.map(actionOf), reason }, by);
    }
    case 'callResponded': {
      const { callId, continues, reason, by } = event;
      const actions = continues.responses.map(actionOf);
      const kind = continues.withdrawn ? 'ask-withdrawn' : 'responded';
      return record('execution', kind, { callId, actions, reason }, by);
    }
    case 'callResolved': {
      const { callId, as, by } = event;
      return record('compliance', 'resolved', { callId, as, reason: by.reason }, by.actor, by.proven);
    }
    case 'callEnded': {
      const { callId, outcome, error } = event.answer;
      if (outcome !== 'refused' || !error || DENIED.has(error.code)) return undefined;
      return record('execution', 'call-refused', { callId, code: error.code, message: error.message });
    }
    default:
      return undefined;
  }
}
