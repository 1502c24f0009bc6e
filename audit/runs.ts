import { isObject } from '../protocol/values/json.ts';
import type { Body } from './entry.ts';
import type { HistoryEvent } from './history.ts';

/** With what a run began, from its input: that of a session, a fork, a recovery or the next run. */
export function startedBody(input: unknown): readonly Body[] {
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
  const why = isObject(input.by) && input.by.reason ? `: ${String(input.by.reason)}` : '';
  return [
    {
      layer: 'session',
      kind: 'started',
      text:
        `agent ${agent}, profile ${String(spec.profile)}, servers ` +
        `${Array.isArray(spec.servers) ? spec.servers.join(', ') : '?'}${why}`,
      by,
    },
  ];
}

/** How a run ended; nothing for other events. */
export function endBodies(event: HistoryEvent): readonly Body[] {
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
