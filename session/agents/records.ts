import { NO_REASON, type OutsideCommand } from '../commands.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { RecordBody } from '../records.ts';

type Fields = { readonly [name: string]: unknown };

/**
 * What a command of an agent stands for in the audit trail, from the fields with which it was sent, which are hostile
 * until read; undefined for other commands. An update shows it by itself, with its number in the answer; for a signal
 * it is noted.
 */
export function agentRecord(name: string, fields: Fields): RecordBody | undefined {
  const by = typeof fields.actor === 'string' ? { by: fields.actor } : {};
  const why = typeof fields.reason === 'string' && fields.reason !== NO_REASON ? `: ${fields.reason}` : '';
  switch (name) {
    case 'attach':
      return { layer: 'session', kind: 'attached', text: `an agent attached to the session${why}`, ...by };
    case 'saveState':
      return {
        layer: 'session',
        kind: 'state-saved',
        text: `the agent saved its state, ${sizeOf(fields)}${why}`,
        ...by,
      };
    case 'record':
      return {
        layer: 'execution',
        kind: String(fields.kind),
        text: `${String(fields.text)}${usageOf(fields.usage)}`,
        ...by,
      };
    default:
      return undefined;
  }
}

/** The same for a command that was read. */
export function recordOfCommand(command: OutsideCommand): RecordBody | undefined {
  const { actor, reason } = command.by;
  if (command.type === 'record') return agentRecord('record', { ...command.entry, actor });
  if (command.type === 'saveState')
    return agentRecord(
      'saveState',
      'ref' in command.saved
        ? { stateRef: command.saved.ref, actor, reason }
        : { state: command.saved.value, actor, reason },
    );
  return agentRecord(command.type, { actor, reason });
}

const sizeOf = ({ state, stateRef }: Fields): string =>
  isObject(stateRef)
    ? `${String(stateRef.bytes)} bytes, SHA-256 ${String(stateRef.sha256).slice(0, 16)}…`
    : `${byteLength(JSON.stringify(state) ?? '')} bytes`;

const usageOf = (usage: unknown): string =>
  isObject(usage)
    ? ` (${String(usage.model)}: ${String(usage.inputTokens)} tokens in, ${String(usage.outputTokens)} out, ${String(usage.microUsd)} micro-USD)`
    : '';
