import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** Incidents, on record. */
export function incidentRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'incidentOpened': {
      const { id: incident, what, severity, callId, text, done } = event.incident;
      const data = { incident, what, severity, ...(callId === null ? {} : { callId }), text, done };
      return event.isNoted ? record('compliance', 'incident', data) : undefined;
    }
    case 'incidentClosed': {
      const { id: incident, times, reason, closedBy } = event.incident;
      return record('compliance', 'incident-closed', { incident, times, reason }, closedBy);
    }
    default:
      return undefined;
  }
}
