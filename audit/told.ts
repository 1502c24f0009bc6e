import { parseCommand } from '../protocol/commands.ts';
import type { RecordBody } from '../protocol/records.ts';
import { toldRecord } from '../session/agents/records.ts';

/** What an update of an agent stands for in the audit trail, from its input; undefined for other updates. */
export function toldIn(name: string, input: unknown): RecordBody | undefined {
  if (name !== 'attach' && name !== 'saveState' && name !== 'record') return undefined;
  const parsed = parseCommand(name, input, '');
  if (!parsed.ok) return undefined;
  const { command } = parsed;
  const isTold = command.type === 'attach' || command.type === 'saveState' || command.type === 'record';
  return isTold ? toldRecord(command) : undefined;
}
