import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** What becomes of servers and workers, on record. */
export function serverRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'pinned':
      return event.accepted.length > 0
        ? record('compliance', 'changes-accepted', { names: event.accepted })
        : undefined;
    case 'toolsLeftOut':
      return record('session', 'tools-left-out', { server: event.server, tools: event.tools });
    case 'leaseLost':
      return record('session', 'server-lost', { server: event.server, why: event.why });
    case 'bound': {
      const { server, worker, generation, why } = event;
      if (generation === 1) return undefined;
      return record('session', 'server-reopened', { server, worker: worker.name, generation, why });
    }
    case 'restarted': {
      const { worker, lost, callId } = event;
      return record('compliance', 'restart', { of: 'worker', worker: worker?.name ?? null, lost, callId });
    }
    default:
      return undefined;
  }
}
