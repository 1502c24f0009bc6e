import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import type { Event } from '../events.ts';
import type { OpenCall } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import type { Session } from '../session.ts';
import { entryOf } from './log.ts';
import type { Undo } from '../../protocol/calls/undo.ts';

/**
 * What a call that ended has done to the world, for the undo log; the end of a compensation takes an entry back.
 */
export function effectOf(
  session: Session,
  call: OpenCall,
  ended: Partial<AttemptOutcome>,
  now: number,
): readonly Event[] {
  const { callId, server, tool, compensates } = call;
  if (compensates !== undefined) {
    const how = ended.unchanged ? 'things were as before' : `by ${server}.${tool}`;
    const entry = entryOf(session, compensates);
    if (ended.kind === 'tool_error') return [];
    const what = entry ? `${server}.${entry.tool} (${entry.callId})` : callId;
    const kept = {
      ...(entry?.reserved === undefined ? {} : { reserved: entry.reserved }),
      ...(entry?.cost === undefined ? {} : { cost: entry.cost }),
    };
    return [{ type: 'undone', n: compensates, callId: entry?.callId ?? null, what, how, ...kept }];
  }
  if (call.effect === 'read-only' || ended.unchanged) return [];
  const undo = ended.undo ?? call.undo ?? ({ impossible: whyImpossible(session, call, ended.kind) } satisfies Undo);
  const kept = call.reserved?.undo && !('impossible' in undo) ? { reserved: call.reserved.undo } : {};
  return [{ type: 'effectMade', callId, server, tool, undo, at: now, ...kept }];
}

function whyImpossible(
  session: Session,
  { server, tool, effect }: OpenCall,
  kind: AttemptOutcome['kind'] | undefined,
): string {
  if (!termsOf(session, { server, tool })?.undo)
    return effect === 'irreversible' ? 'it is irreversible' : 'no compensation is declared for the tool';
  return kind === undefined ? 'its answer, which its compensation needs, is not known' : 'what it changed is not known';
}

/**
 * What came to light while a rollback was under way, above the point from which it goes down: it is left, by name. The
 * next rollback finds it in the log.
 *
 * @param made what the call has done, as events
 */
export function tooLate({ rollback, undo }: Session, call: OpenCall, made: readonly Event[]): readonly Event[] {
  if (!rollback || !made.some(({ type }) => type === 'effectMade')) return [];
  const n = undo.last + 1;
  const what = `${call.server}.${call.tool} (${call.callId})`;
  const why = 'that it had happened was said while the rollback was under way; roll back again';
  return [{ type: 'notUndone', n, downTo: n, remains: { what, why } }];
}
