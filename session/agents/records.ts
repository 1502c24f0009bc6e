import { NO_REASON } from '../../protocol/by.ts';
import type { RecordBody } from '../../protocol/records.ts';
import { byteLength, canonical } from '../../protocol/values/digest.ts';
import type { CommandOf } from '../commands.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** What becomes of agents, on record. */
export function agentRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'agentLost':
      return record('compliance', 'restart', { of: 'agent', text: event.text });
    case 'agentBack':
      return record('session', 'agent-back', {}, event.by);
    default:
      return undefined;
  }
}

/** What a command of an agent stands for in the audit trail, whether it came as a signal or as an update. */
export function toldRecord(command: CommandOf<'attach' | 'saveState' | 'record'>): RecordBody {
  const { actor, reason } = command.by;
  const why = reason === NO_REASON ? null : reason;
  switch (command.type) {
    case 'attach':
      return record('session', 'attached', { reason: why }, actor);
    case 'saveState': {
      const { saved } = command;
      const size =
        'ref' in saved
          ? { bytes: saved.ref.bytes, sha256: saved.ref.sha256 }
          : { bytes: byteLength(canonical(saved.value)), sha256: null };
      return record('session', 'state-saved', { ...size, reason: why }, actor);
    }
    case 'record': {
      const { kind, ...told } = command.entry;
      return record('execution', kind, told, actor);
    }
    default:
      return command satisfies never;
  }
}
