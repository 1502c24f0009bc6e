import type { AgentRecord } from '../protocol/agent.ts';
import { NO_REASON } from '../protocol/by.ts';
import type { RecordBody } from '../protocol/records.ts';
import { isObject, type Json } from '../protocol/values/json.ts';
import { isRef } from '../protocol/values/payload.ts';
import { toldRecord } from '../session/agents/records.ts';

/** What an update of an agent stands for in the audit trail, from its input; undefined for other updates. */
export function toldIn(name: string, input: unknown): RecordBody | undefined {
  const fields = isObject(input) ? input : {};
  const actor = typeof fields.actor === 'string' ? fields.actor : 'unknown';
  const reason = typeof fields.reason === 'string' ? fields.reason : NO_REASON;
  const by = { actor, reason, commandId: '' };
  switch (name) {
    case 'attach':
      return toldRecord({ type: 'attach', by });
    case 'saveState': {
      const { state, stateRef } = fields;
      return toldRecord({
        type: 'saveState',
        by,
        saved: isRef(stateRef) ? { ref: stateRef } : { value: state as Json },
      });
    }
    case 'record': {
      const { kind, text, data, usage } = fields;
      const entry = { kind, text, ...(data === undefined ? {} : { data }), ...(usage === undefined ? {} : { usage }) };
      return toldRecord({ type: 'record', by, entry: entry as unknown as AgentRecord });
    }
    default:
      return undefined;
  }
}
