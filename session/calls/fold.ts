import type { Answer } from '../../protocol/calls/call.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import type { Event } from '../events.ts';
import { withEntry } from './ledger/ledger.ts';
import {
  type AcceptedCall,
  type Calls,
  type EndedCall,
  isRunning,
  type OpenCall,
  type QueuedCall,
  restOf,
} from './state.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** The calls after an event. */
export function foldCalls(calls: Calls, event: Event): Partial<Calls> | undefined {
  switch (event.type) {
    case 'callAccepted':
      return { open: [...calls.open, event.call], ...withoutRow(calls, event.call.actor) };
    case 'attemptStarted':
      return withCall(calls, event.callId, (call) => {
        const { attempt: attempts, effect, lease, reserved } = event;
        const begun = { ...accepted(call), phase: 'running', attempts, effect, lease, rest: restOf(call) } as const;
        return reserved ? { ...begun, reserved } : begun;
      });
    case 'charged':
      return withCall(calls, event.callId, (call) => {
        const { reserved: _, ...rest } = call;
        return rest;
      });
    case 'attemptRepeated':
      return withCall(calls, event.callId, (call) => repeated(call, event));
    case 'callAsks':
      return withCall(calls, event.callId, (call) => ({
        ...accepted(call),
        phase: 'awaiting_input',
        asks: event.asks,
        lease: isRunning(call) ? call.lease : null,
        sent: call.sent || event.asks.held !== undefined,
      }));
    case 'callRespondedInPart':
      return withCall(calls, event.callId, (call) => {
        if (call.phase !== 'awaiting_input') return call;
        const given = [...(call.asks.given ?? []), ...event.responses];
        return { ...call, asks: { ...call.asks, given } };
      });
    case 'approvalAsked': {
      const { subject, id } = event.approval;
      if (subject.kind !== 'call') return undefined;
      return withCall(calls, subject.callId, (call) => ({
        ...accepted(call),
        phase: 'awaiting_approval',
        approval: id,
        rest: restOf(call),
      }));
    }
    case 'approvalEnded':
      return decidedAnew(calls, event);
    case 'callResponded':
      return withCall(calls, event.callId, (call) => ({
        ...accepted(call),
        phase: 'queued',
        retryAt: event.retryAt,
        trouble: null,
        rest: { continuation: event.continues, lease: leaseOf(call) },
      }));
    case 'callInDoubt':
      return withCall(calls, event.callId, (call) => ({
        ...accepted(call),
        phase: 'in_doubt',
        trouble: event.trouble,
        sent: true,
        ...(event.undo ? { undo: event.undo } : {}),
      }));
    case 'callResolved':
      if (event.as !== 'retry') return undefined;
      return withCall(calls, event.callId, (call) => ({ ...withoutGrant(queued(call)), spent: 0 }));
    case 'callEnded':
      return withEnded(calls, event);
    case 'undone':
      return { ended: calls.ended.map((call) => (call.callId === event.callId ? { ...call, undone: true } : call)) };
    case 'commanded':
      // Whoever resumes a session knows why it stood, and lets everybody go on.
      return event.name === 'resume' ? { refusals: { ...calls.refusals, row: null } } : undefined;
    case 'refused':
      return { refusals: withRefusal(calls.refusals, event) };
    default:
      return undefined;
  }
}

/** The fields that a call has in every phase, and no other. */
function accepted(call: OpenCall): AcceptedCall {
  const { callId, server, tool, args, actor, digest, bytes, effect, acceptedAt, attempts, spent, sent } = call;
  const { argsRef, method, connection, traceparent, undo, compensates, grant, reserved } = call;
  return {
    callId,
    server,
    tool,
    args,
    actor,
    digest,
    bytes,
    effect,
    acceptedAt,
    attempts,
    spent,
    sent,
    ...(argsRef === undefined ? {} : { argsRef }),
    ...(method === undefined ? {} : { method }),
    ...(connection === undefined ? {} : { connection }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(undo === undefined ? {} : { undo }),
    ...(compensates === undefined ? {} : { compensates }),
    ...(grant === undefined ? {} : { grant }),
    ...(reserved === undefined ? {} : { reserved }),
  };
}

const queued = (call: OpenCall): QueuedCall => ({
  ...accepted(call),
  phase: 'queued',
  retryAt: 0,
  trouble: 'trouble' in call ? call.trouble : null,
  rest: restOf(call),
});

/** A call that was approved goes on with that; one whose approval is void is decided anew; others end by themselves. */
function decidedAnew(calls: Calls, { approval, as, grant }: Of<'approvalEnded'>): Partial<Calls> | undefined {
  const { subject } = approval;
  if (subject.kind !== 'call' || (as !== 'approved' && as !== 'void')) return undefined;
  return withCall(calls, subject.callId, (call) => {
    if (call.phase !== 'awaiting_approval' || call.approval !== approval.id) return call;
    const next = withoutGrant(queued(call));
    return grant ? { ...next, grant } : next;
  });
}

/** What was approved once is used: a person who has it sent again, or a change of what was shown, asks anew. */
function withoutGrant(call: QueuedCall): QueuedCall {
  const { grant: _, ...rest } = call;
  return rest;
}

/** A call that was held open and may have been gone on with is lost: the next attempt begins anew. */
function repeated(call: OpenCall, { sent, spent, trouble, retryAt, undo }: Of<'attemptRepeated'>): QueuedCall {
  const rest = restOf(call);
  return {
    ...queued(call),
    trouble,
    retryAt,
    rest: rest?.continuation.held && sent ? null : rest,
    spent: call.spent + (spent ? 1 : 0),
    sent: call.sent || sent,
    ...(undo ? { undo } : {}),
  };
}

const leaseOf = (call: OpenCall): string | null =>
  call.phase === 'awaiting_input' || call.phase === 'running' ? call.lease : (restOf(call)?.lease ?? null);

function withCall(calls: Calls, callId: string, change: (call: OpenCall) => OpenCall): Partial<Calls> {
  const index = calls.open.findIndex((call) => call.callId === callId);
  const call = calls.open[index];
  return call ? { open: calls.open.with(index, change(call)) } : {};
}

function withEnded(calls: Calls, { call, answer, at }: Of<'callEnded'>): Partial<Calls> {
  const index = calls.open.findIndex((each) => each.callId === call.callId);
  if (index < 0) return {};
  return withEntry({ ...calls, open: calls.open.toSpliced(index, 1) }, entryOf(call, answer, at));
}

function entryOf(call: OpenCall, answer: Answer, at: number): EndedCall {
  const { callId, server, tool, method, actor, effect, digest, connection } = call;
  const { outcome, attempts } = answer;
  const bytes = byteLength(JSON.stringify(answer));
  return {
    callId,
    server,
    tool,
    actor,
    effect,
    digest,
    bytes,
    outcome,
    attempts,
    at,
    answer,
    ...(method === undefined ? {} : { method }),
    ...(connection === undefined ? {} : { connection }),
  };
}

function withRefusal(
  { total, codes, row }: Calls['refusals'],
  { actor, code, until }: Of<'refused'>,
): Calls['refusals'] {
  return {
    total: total + 1,
    codes: { ...codes, [code]: (codes[code] ?? 0) + 1 },
    row: until === null ? row : { actor, times: row?.actor === actor ? row.times + 1 : 1, until },
  };
}

/** A call that was taken ends the row of refusals of its caller. */
const withoutRow = ({ refusals }: Calls, actor: string): Partial<Calls> =>
  refusals.row?.actor === actor ? { refusals: { ...refusals, row: null } } : {};
