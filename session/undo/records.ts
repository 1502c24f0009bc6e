import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** Checkpoints and rollbacks, on record. */
export function undoRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'checkpointed': {
      const { name, effects, by } = event.checkpoint;
      return record('session', 'checkpoint', { name, effects }, by);
    }
    case 'rollbackBegun':
      return record('session', 'rollback-begun', { to: event.to });
    case 'undone':
      return record('compliance', 'undone', { what: event.what, how: event.how });
    case 'notUndone':
      return record('compliance', 'not-undone', event.remains);
    case 'rollbackEnded': {
      const { undone, remaining, shown } = event;
      return record('compliance', 'rollback', { undone, remaining, shown });
    }
    default:
      return undefined;
  }
}
