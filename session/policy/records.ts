import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** What rules did, on record. */
export function policyRecord(event: Event): RecordBody | undefined {
  if (event.type !== 'callDenied' && event.type !== 'callFlagged') return undefined;
  const { callId, rules, message } = event;
  return record('compliance', event.type === 'callDenied' ? 'denied' : 'would-deny', { callId, rules, message });
}
