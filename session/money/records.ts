import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** What became of money, on record. What an attempt cost follows from its intent and its outcome. */
export function moneyRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'charged': {
      const { callId, cost, excess } = event;
      return excess > 0 ? record('compliance', 'overrun', { callId, cost, excess }) : undefined;
    }
    case 'costAlerted': {
      const { percent, text, isNoted } = event;
      return isNoted ? record('compliance', 'cost-alert', { percent, text }) : undefined;
    }
    case 'toppedUp': {
      const { microUsd, limit, by } = event;
      return record('compliance', 'topped-up', { microUsd, limit, reason: by.reason }, by.actor, by.proven);
    }
    default:
      return undefined;
  }
}
