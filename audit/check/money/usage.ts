import type { AgentRecord } from '../../../protocol/agent.ts';
import { parseCommand } from '../../../protocol/commands.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { decode } from '../../history.ts';
import type { ReadRun } from '../records.ts';
import { ownRecords } from './ledger.ts';

type Entry = Pick<AgentRecord, 'usage'>;

/**
 * What agents recorded in a run, each once: who asks again under a command id is answered, and counts once.
 * @param seen command ids, of all runs before
 */
export function entriesIn(run: ReadRun, seen: Set<string>): readonly Entry[] {
  const entries: Entry[] = [];
  const asked = new Map<string, unknown>();
  const take = (input: unknown, fallbackId: string): void => {
    const parsed = parseCommand('record', input, fallbackId);
    if (!parsed.ok || parsed.command.type !== 'record' || seen.has(parsed.command.by.commandId)) return;
    seen.add(parsed.command.by.commandId);
    entries.push(parsed.command.entry);
  };
  for (const event of run.events) {
    const signal = event.workflowExecutionSignaledEventAttributes;
    const [told] = signal?.signalName === 'record' ? decode(signal.input) : [];
    if (isObject(told) && typeof told.commandId === 'string') seen.add(told.commandId);
    const update = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (update?.acceptedRequest?.input?.name === 'record')
      asked.set(update.protocolInstanceId ?? '', decode(update.acceptedRequest.input.args)[0]);
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const id = completed?.meta?.updateId ?? '';
    const [reply] = completed && asked.has(id) ? decode(completed.outcome?.success) : [];
    if (isObject(reply) && reply.ok === true) take(asked.get(id), id);
  }
  return [...entries, ...ofSignals(run)];
}

/** What came by signal stands as a record. */
const ofSignals = (run: ReadRun): readonly Entry[] =>
  ownRecords(run).flatMap((record) =>
    record.kind === 'usage' || record.kind === 'api-request' || record.kind === 'decision'
      ? [record.data.usage ? { usage: record.data.usage } : {}]
      : [],
  );
