import type { Event } from './events.ts';
import { formatDuration } from '../protocol/values/duration.ts';
import { shortened } from './undo/log.ts';

/** The three layers of the audit trail (A2). */
export type Layer = 'session' | 'execution' | 'compliance';

/**
 * An entry of the audit trail that no other event of the history shows. Numbered without gaps in a session, over all
 * its runs.
 */
export interface AuditRecord {
  readonly n: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly layer: Layer;
  readonly kind: string;
  readonly text: string;
  readonly by?: string;
}

/** Characters of what a server asks, of which the whole stands in the outcome of the attempt. */
const MAX_ASK = 500;

export type RecordBody = Omit<AuditRecord, 'n' | 'at'>;

const body = (layer: Layer, kind: string, text: string, by?: string): RecordBody => ({
  layer,
  kind,
  text,
  ...(by === undefined ? {} : { by }),
});

/** What an event leaves in the audit trail; undefined where an event of the history shows it already (D2). */
export function recordOf(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'opened':
      return body(
        'session',
        'governance',
        `profile ${event.profileHash.slice(0, 12)}, deadline ${new Date(event.deadlineAt).toISOString()}`,
      );
    case 'pinned':
      return event.accepted.length > 0 ? body('compliance', 'changes-accepted', event.accepted.join(', ')) : undefined;
    case 'moved': {
      const cause = event.to.name === 'PAUSED' ? ` (${event.to.cause})` : '';
      return body('session', 'transition', `${event.from} -> ${event.to.name}${cause}: ${event.reason}`, event.by);
    }
    case 'attemptRepeated':
      return body('execution', 'attempt-repeated', `${event.callId}: ${event.trouble.code}: ${event.trouble.message}`);
    case 'callInDoubt':
      return body('compliance', 'in-doubt', `${event.callId}: ${event.trouble.code}: ${event.trouble.message}`);
    case 'callAsks':
      return event.asks.forms.length > 0
        ? body(
            'execution',
            'asks',
            `${event.callId}: ${event.asks.forms
              .map(({ message }) => message.slice(0, MAX_ASK))
              .join(' / ')
              .slice(0, MAX_ASK)}`,
          )
        : undefined;
    case 'askRefused':
      return body(
        'compliance',
        'ask-refused',
        `${event.callId}: the server wanted ${event.methods.join(', ')} of its client`,
      );
    case 'callResponded':
      return body(
        'execution',
        event.continues.withdrawn ? 'ask-withdrawn' : 'responded',
        `${event.callId}: ${event.continues.responses.map(({ response }) => response.action).join(', ') || 'nothing was asked'}: ${event.reason}`,
        event.by,
      );
    case 'callResolved':
      return body('compliance', 'resolved', `${event.callId} as ${event.as}: ${event.by.reason}`, event.by.actor);
    case 'callEnded':
      return event.answer.outcome === 'refused'
        ? body('execution', 'call-refused', `${event.answer.callId}: ${event.answer.error?.message ?? ''}`)
        : undefined;
    case 'warned':
      return body('session', 'deadline-warning', `the deadline is ${new Date(event.deadlineAt).toISOString()}`);
    case 'deadlineReached':
      return body(
        'session',
        'deadline',
        `${event.why === 'idle' ? 'idle for too long' : 'deadline reached'}; grace until ${new Date(event.graceUntil).toISOString()}`,
      );
    case 'extended':
      return body(
        'session',
        'extended',
        `by ${formatDuration(event.ms)} to ${new Date(event.deadlineAt).toISOString()}: ${event.by.reason}`,
        event.by.actor,
      );
    case 'deadlineShifted':
      return body(
        'session',
        'deadline-shifted',
        `by ${formatDuration(event.ms)} of paused time to ${new Date(event.deadlineAt).toISOString()}`,
      );
    case 'restarted':
      return body(
        'compliance',
        'restart',
        `${event.worker?.name ?? 'a worker'} ${event.lost ? 'was lost with' : 'restarted before'} ${event.callId === null ? (event.lost ? 'a server that it held' : 'its servers were opened again') : `an attempt of ${event.callId}`}`,
      );
    case 'leaseLost':
      return body('session', 'server-lost', `${event.server}: ${event.why}`);
    case 'bound':
      return event.generation > 1
        ? body(
            'session',
            'server-reopened',
            `${event.server} opened again on worker ${event.worker.name}, generation ${event.generation}: ${event.why}`,
          )
        : undefined;
    case 'noted':
      return body(event.kind === 'notify' ? 'session' : 'compliance', event.kind, event.text);
    case 'dutyOpened':
      return body('compliance', 'check-due', event.duty.kind);
    case 'checked':
      return body(
        'compliance',
        'checked',
        event.duties.length > 0 ? event.duties.map(({ kind }) => kind).join(', ') : 'session',
      );
    case 'checkpointed':
      return body(
        'session',
        'checkpoint',
        `${event.checkpoint.name}, after ${event.checkpoint.effects} ${event.checkpoint.effects === 1 ? 'effect' : 'effects'}`,
        event.checkpoint.by,
      );
    case 'rollbackBegun':
      return body('session', 'rollback-begun', `to ${event.to ?? 'the start'}`);
    case 'undone':
      return body('compliance', 'undone', `${event.what}: ${event.how}`);
    case 'notUndone':
      return body('compliance', 'not-undone', `${event.remains.what}: ${event.remains.why}`);
    case 'rollbackEnded': {
      const undone = event.undone > 0 ? `${event.undone} undone` : undefined;
      const remains = event.remaining > 0 ? `not undone: ${shortened(event.shown, event.remaining)}` : undefined;
      return body('compliance', 'rollback', [undone, remains].filter(Boolean).join('; ') || 'nothing to undo');
    }
    case 'agentLost':
      return body('compliance', 'restart', event.text);
    case 'agentBack':
      return body('session', 'agent-back', 'the agent gave a sign again', event.by);
    case 'wasReset':
      return body(
        'compliance',
        'reset',
        'the session was reset in Temporal: what it did after this point is not known to this run',
      );
    case 'forked':
      return body('session', 'forked', `from checkpoint ${event.at} of ${event.parent}: ${event.reason}`, event.actor);
    case 'recovered':
      return body('compliance', 'recovered', `goes on from run ${event.from}: ${event.reason}`, event.actor);
    case 'attached':
    case 'stateSaved':
    case 'recorded':
    case 'agentSeen':
    case 'commanded':
    case 'callAccepted':
    case 'attemptStarted':
    case 'unbound':
    case 'releasedEarly':
    case 'reopenStarted':
    case 'reopenFailed':
    case 'workerSeen':
    case 'lossNamed':
    case 'effectMade':
    case 'undoSkipped':
    case 'pageRead':
    case 'pageWritten':
    case 'weighed':
    case 'planWaits':
    case 'planMemberDone':
    case 'planAdvanced':
      return undefined;
    default:
      return event satisfies never;
  }
}
