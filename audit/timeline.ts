import { type AttemptOutcome, type Intent, nameOf } from '../protocol/calls/call.ts';
import { isObject, type Json } from '../protocol/values/json.ts';
import type { AuditRecord, RecordBody } from '../protocol/records.ts';
import { type Body, type Entry, shorten, sizeOf } from './entry.ts';
import { outcomeText, recallBody } from './outcomes.ts';
import { proseOf } from './prose.ts';
import { proofBody, provenIn, standing } from './standing.ts';
import { endBodies, startedBody } from './runs.ts';
import { toldIn } from './told.ts';
import { decode, decodeOne, type HistoryEvent, instantOf } from './history.ts';

/** Reads a history, event by event, in order; one reader for one run. */
export class TimelineReader {
  private readonly runId: string;
  private readonly intents = new Map<string, Intent>();
  private readonly recalls = new Map<string, string>();
  private readonly proofs = new Map<string, unknown>();
  private readonly updates = new Map<string, { readonly name: string; readonly input: unknown }>();

  constructor(runId: string) {
    this.runId = runId;
  }

  read(event: HistoryEvent): readonly Entry[] {
    const place = {
      at: new Date(instantOf(event.eventTime)).toISOString(),
      runId: this.runId,
      eventId: Number(event.eventId ?? 0),
    };
    return this.bodies(event).map((body) => ({ callId: null, record: null, ...body, ...standing(body), ...place }));
  }

  private bodies(event: HistoryEvent): readonly Body[] {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) return startedBody(decode(started.input)[0]);
    const properties = event.workflowPropertiesModifiedEventAttributes;
    if (properties) return memoBodies(decodeOne(properties.upsertedMemo?.fields?.audit));
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal?.signalName === 'heartbeat') return [];
    if (signal) return [commandBody('signal', signal.signalName ?? '', decode(signal.input)[0])];
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted) {
      this.updates.set(accepted.protocolInstanceId ?? '', {
        name: accepted.acceptedRequest?.input?.name ?? '',
        input: decode(accepted.acceptedRequest?.input?.args)[0],
      });
      return [];
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    if (completed) return this.answered(completed.meta?.updateId ?? '', decode(completed.outcome?.success)[0]);
    if (event.workflowExecutionCancelRequestedEventAttributes)
      return [
        {
          layer: 'session',
          kind: 'command',
          text: 'cancel requested in Temporal',
          by: event.workflowExecutionCancelRequestedEventAttributes.identity ?? null,
        },
      ];
    return this.activityBodies(event) ?? endBodies(event);
  }

  private activityBodies(event: HistoryEvent): readonly Body[] | undefined {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const intent = decode(scheduled.input)[0];
      if (scheduled.activityType?.name === 'recallOutcome' && isObject(intent) && typeof intent.callId === 'string')
        this.recalls.set(String(event.eventId), intent.callId);
      if (scheduled.activityType?.name === 'proveActor') this.proofs.set(String(event.eventId), intent);
      if (scheduled.activityType?.name !== 'callTool' || !isObject(intent)) return [];
      const known = intent as unknown as Intent;
      this.intents.set(String(event.eventId), known);
      const again = known.attempt > 1 ? `, attempt ${known.attempt}` : '';
      return [
        {
          layer: 'execution',
          kind: 'attempt',
          text:
            `${nameOf(known)} ${known.argsRef ? sizeOf(known.argsRef) : shorten(JSON.stringify(known.args), 100)} ` +
            `(${known.effect}${again})`,
          by: known.actor,
          callId: known.callId,
          record: known.record,
          data: known.argsRef ? { argsRef: { ...known.argsRef } } : { args: known.args },
        },
      ];
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) return this.outcome(done.scheduledEventId, decode(done.result)[0]);
    const failed = event.activityTaskFailedEventAttributes;
    if (failed)
      return this.outcome(
        failed.scheduledEventId,
        decode(failed.failure?.applicationFailureInfo?.details)[0],
        failed.failure?.message ?? undefined,
      );
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (timedOut)
      return this.outcome(
        timedOut.scheduledEventId,
        undefined,
        `the worker fell silent (${timedOut.failure?.message ?? 'timeout'})`,
      );
    const canceled = event.activityTaskCanceledEventAttributes;
    if (canceled) return this.outcome(canceled.scheduledEventId, undefined, 'cancelled before it was sent');
    return undefined;
  }

  private outcome(scheduledEventId: unknown, value: unknown, otherwise = 'no outcome'): readonly Body[] {
    const asked = this.proofs.get(String(scheduledEventId));
    if (asked !== undefined) return [proofBody(asked, value)];
    const recalled = this.recalls.get(String(scheduledEventId));
    if (recalled !== undefined) return [recallBody(recalled, value)];
    const intent = this.intents.get(String(scheduledEventId));
    if (!intent) return [];
    const outcome =
      isObject(value) && typeof value.kind === 'string' ? (value as unknown as AttemptOutcome) : undefined;
    const detail = outcome ? outcomeText(outcome) : otherwise;
    const data = outcome ? { data: outcome as unknown as Json } : {};
    const { callId } = intent;
    return [{ layer: 'execution', kind: 'outcome', text: `${nameOf(intent)}: ${detail}`, callId, ...data }];
  }

  /** A command by update has its number in the answer, so it is an entry once it is answered. */
  private answered(id: string, reply: unknown): readonly Body[] {
    const { name, input } = this.updates.get(id) ?? { name: 'update', input: undefined };
    const record = isObject(reply) && typeof reply.record === 'number' ? reply.record : null;
    const refusal = isObject(reply) && isObject(reply.refusal) ? reply.refusal : undefined;
    const told = toldIn(name, input);
    if (!refusal)
      return name === 'call'
        ? []
        : [{ ...(told ? bodyOf(told) : commandBody('update', name, input)), record, ...provenIn(reply) }];
    const { by = null } = commandBody('update', name, input);
    return [
      {
        layer: 'compliance',
        kind: 'refused',
        text: `${name}: ${String(refusal.code)}: ${String(refusal.message)}`,
        record,
        by,
        ...provenIn(reply),
      },
    ];
  }
}

const bodyOf = (record: RecordBody): Body => {
  const { layer, kind, by } = record;
  return { layer, kind, text: proseOf(record), ...(by === undefined ? {} : { by }), ...provenIn(record) };
};

function memoBodies(value: unknown): readonly Body[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly AuditRecord[]).map((record) => ({ ...bodyOf(record), record: record.n }));
}

function commandBody(via: string, name: string, input: unknown): Body {
  const fields = isObject(input) ? input : {};
  const details = Object.entries(fields)
    .filter(([key]) => key !== 'actor' && key !== 'commandId' && key !== 'proof')
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return {
    layer: 'session',
    kind: 'command',
    text: shorten(`${name} (${via})${details.length > 0 ? ` ${details.join(', ')}` : ''}`, 300),
    by: typeof fields.actor === 'string' ? fields.actor : null,
  };
}
