import { type AttemptOutcome, type Intent, nameOf, outsideOf } from '../protocol/calls/call.ts';
import { isObject } from '../protocol/values/json.ts';
import { isRef } from '../protocol/values/payload.ts';
import type { AuditRecord, Layer, RecordBody } from '../protocol/records.ts';
import { proseOf } from './prose.ts';
import { toldIn } from './told.ts';
import { decode, decodeOne, type HistoryEvent, instantOf } from './history.ts';

/** One thing that happened to a session, read from its workflow history and from nothing else (A1). */
export interface Entry {
  /** ISO 8601, of the history event. */
  readonly at: string;
  readonly layer: Layer;
  /** `started`, `transition`, `attempt`, `outcome`, `command`, `refused`, `ended`, … */
  readonly kind: string;
  readonly text: string;
  /** Who, where somebody is behind it. Claimed, not proven. */
  readonly by: string | null;
  readonly callId: string | null;
  /** Number in the audit trail, where the entry has one of its own (A2). */
  readonly record: number | null;
  readonly runId: string;
  readonly eventId: number;
}

type Body = Pick<Entry, 'layer' | 'kind' | 'text'> & Partial<Pick<Entry, 'by' | 'callId' | 'record'>>;

/** Reads a history, event by event, in order; one reader for one run. */
export class TimelineReader {
  private readonly runId: string;
  private readonly intents = new Map<string, Intent>();
  private readonly recalls = new Map<string, string>();
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
    return this.bodies(event).map((body) => ({ by: null, callId: null, record: null, ...body, ...place }));
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
    const recalled = this.recalls.get(String(scheduledEventId));
    if (recalled !== undefined) return [recallBody(recalled, value)];
    const intent = this.intents.get(String(scheduledEventId));
    if (!intent) return [];
    const outcome =
      isObject(value) && typeof value.kind === 'string' ? (value as unknown as AttemptOutcome) : undefined;
    const detail = outcome ? outcomeText(outcome) : otherwise;
    return [{ layer: 'execution', kind: 'outcome', text: `${nameOf(intent)}: ${detail}`, callId: intent.callId }];
  }

  /** A command by update has its number in the answer, so it is an entry once it is answered. */
  private answered(id: string, reply: unknown): readonly Body[] {
    const { name, input } = this.updates.get(id) ?? { name: 'update', input: undefined };
    const record = isObject(reply) && typeof reply.record === 'number' ? reply.record : null;
    const refusal = isObject(reply) && isObject(reply.refusal) ? reply.refusal : undefined;
    const told = toldIn(name, input);
    if (!refusal)
      return name === 'call' ? [] : [{ ...(told ? bodyOf(told) : commandBody('update', name, input)), record }];
    const { by = null } = commandBody('update', name, input);
    return [
      {
        layer: 'compliance',
        kind: 'refused',
        text: `${name}: ${String(refusal.code)}: ${String(refusal.message)}`,
        record,
        by,
      },
    ];
  }
}

function startedBody(input: unknown): readonly Body[] {
  if (!isObject(input)) return [{ layer: 'session', kind: 'started', text: 'with an input that is no session' }];
  if (isObject(input.fork)) {
    const by = isObject(input.fork.by) && typeof input.fork.by.actor === 'string' ? input.fork.by.actor : null;
    return [
      {
        layer: 'session',
        kind: 'started',
        text: `from checkpoint ${String(input.fork.at)} of ${String(input.fork.parent)}`,
        by,
      },
    ];
  }
  if (isObject(input.recover)) {
    const by = isObject(input.recover.by) && typeof input.recover.by.actor === 'string' ? input.recover.by.actor : null;
    return [{ layer: 'session', kind: 'started', text: 'to go on from the last good run', by }];
  }
  if (isObject(input.carried))
    return [{ layer: 'session', kind: 'continued', text: `in run ${String(input.carried.runs)}` }];
  const spec = isObject(input.spec) ? input.spec : {};
  const agent = isObject(spec.agent) ? `${String(spec.agent.id)}@${String(spec.agent.version)}` : '?';
  const by = isObject(input.by) && typeof input.by.actor === 'string' ? input.by.actor : null;
  return [
    {
      layer: 'session',
      kind: 'started',
      text:
        `agent ${agent}, profile ${String(spec.profile)}, servers ` +
        `${Array.isArray(spec.servers) ? spec.servers.join(', ') : '?'}`,
      by,
    },
  ];
}

const bodyOf = (record: RecordBody): Body => {
  const { layer, kind, by } = record;
  return { layer, kind, text: proseOf(record), ...(by === undefined ? {} : { by }) };
};

function memoBodies(value: unknown): readonly Body[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly AuditRecord[]).map((record) => ({ ...bodyOf(record), record: record.n }));
}

function commandBody(via: string, name: string, input: unknown): Body {
  const fields = isObject(input) ? input : {};
  const details = Object.entries(fields)
    .filter(([key]) => key !== 'actor' && key !== 'commandId')
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return {
    layer: 'session',
    kind: 'command',
    text: shorten(`${name} (${via})${details.length > 0 ? ` ${details.join(', ')}` : ''}`, 300),
    by: typeof fields.actor === 'string' ? fields.actor : null,
  };
}

/** What the worker of an attempt that fell silent says when it is asked. */
function recallBody(callId: string, value: unknown): Body {
  if (!isObject(value)) return { layer: 'execution', kind: 'recall', text: 'no answer from the worker', callId };
  const outcome =
    isObject(value.outcome) && typeof value.outcome.kind === 'string'
      ? (value.outcome as unknown as AttemptOutcome)
      : undefined;
  return {
    layer: 'execution',
    kind: 'recall',
    text: outcome ? `the worker knows: ${outcomeText(outcome)}` : 'the worker knows of no outcome',
    callId,
  };
}

function outcomeText(outcome: AttemptOutcome): string {
  if (outcome.kind === 'input_required')
    return `${outcome.kind}: ${shorten(outcome.asks.forms.map(({ message }) => message).join(' / '), 200)}`;
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'tool_error')
    return `${outcome.kind}: ${outcome.code}: ${shorten(outcome.message, 200)}`;
  const { result } = outcome;
  if ('raw' in result) return `${outcome.kind}: ${shorten(JSON.stringify(result.raw), 100)}`;
  if (!('content' in result))
    return (
      `${outcome.kind}, ` +
      `${sizeOf(outsideOf(result))}${'why' in result && result.why ? `, not kept: ${result.why.code}` : ''}`
    );
  const first = Array.isArray(result.content) ? (result.content[0] as unknown) : undefined;
  return `${outcome.kind}${isObject(first) && typeof first.text === 'string' ? `: ${shorten(first.text, 100)}` : ''}`;
}

function endBodies(event: HistoryEvent): readonly Body[] {
  const ended = (text: string, by?: string | null): readonly Body[] => [
    { layer: 'session', kind: 'ended', text, by: by ?? null },
  ];
  if (event.workflowExecutionCompletedEventAttributes) return ended('COMPLETED');
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed)
    return ended(`${failed.failure?.applicationFailureInfo?.type ?? 'FAILED'}: ${failed.failure?.message ?? ''}`);
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return ended(`terminated in Temporal: ${terminated.reason ?? ''}`, terminated.identity);
  if (event.workflowExecutionTimedOutEventAttributes) return ended('timed out in Temporal');
  if (event.workflowExecutionCanceledEventAttributes) return ended('canceled in Temporal');
  return [];
}

/** A value outside history, by size and hash. */
const sizeOf = (ref: unknown): string =>
  isRef(ref) ? `${ref.bytes} bytes, SHA-256 ${ref.sha256.slice(0, 16)}…` : 'outside history';

const shorten = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
};
