import type { By } from './commands.ts';
import { countAnswer, countCall } from './capacity/counts.ts';
import { type Binding, bindingOf } from './servers/binding.ts';
import { byteLength, sha256Hex } from '../protocol/values/digest.ts';
import type { Event } from './events.ts';
import { evolveUndo } from './undo/fold.ts';
import { withEntry } from './capacity/ledger.ts';
import type { EndedCall, OpenCall, Session } from './session.ts';
import type { Answer, WorkerIdentity } from '../protocol/call.ts';
import { gain } from './capacity/weight.ts';

const COMMANDS_KEPT = 256;
const BOOTS_KEPT = 64;
const RELEASES_KEPT = 16;

/** The session after an event: an exhaustive fold without rules of its own (D1). Never changes its input. */
export const evolve = (session: Session, event: Event): Session => ({
  ...fold(session, event),
  weight: event.type === 'weighed' ? event.bytes : session.weight + gain(event),
});

function fold(session: Session, event: Event): Session {
  switch (event.type) {
    case 'opened':
      return {
        ...session,
        governance: event.governance,
        profileHash: event.profileHash,
        clock: { ...session.clock, deadlineAt: event.deadlineAt },
      };
    case 'pinned':
      return { ...session, servers: event.servers, clock: { ...session.clock, lastCallAt: event.at } };
    case 'moved':
      return {
        ...session,
        state: event.to,
        ...(event.to.name === 'RESUMING' ? { counts: { ...session.counts, last: null } } : {}),
      };
    case 'commanded':
      return {
        ...session,
        commands: [...session.commands, commandKey(event.name, event.by.commandId)].slice(-COMMANDS_KEPT),
      };
    case 'callAccepted':
      return {
        ...session,
        open: [...session.open, event.call],
        counts: countCall(session.counts, event.call),
        clock: { ...session.clock, lastCallAt: event.call.acceptedAt },
      };
    case 'attemptStarted':
      return withCall(session, event.callId, (call) => ({
        ...call,
        phase: 'running',
        attempts: event.attempt,
        effect: event.effect,
        retryAt: 0,
        lease: event.lease,
      }));
    case 'attemptRepeated':
      // A call that was held open and may have been gone on with is lost: the next attempt begins anew.
      return withCall(session, event.callId, (call) => ({
        ...(call.continues?.held && event.sent ? withoutAsks(call) : call),
        phase: 'queued',
        trouble: event.trouble,
        retryAt: event.retryAt,
        spent: call.spent + (event.spent ? 1 : 0),
        sent: call.sent || event.sent,
        ...(event.undo ? { undo: event.undo } : {}),
      }));
    case 'callAsks':
      return withCall(session, event.callId, (call) => ({
        ...withoutAsks(call),
        phase: 'awaiting_input',
        asks: event.asks,
        sent: call.sent || event.asks.held !== undefined,
      }));
    case 'callResponded':
      return withCall(session, event.callId, (call) => ({
        ...withoutAsks(call),
        phase: 'queued',
        continues: event.continues,
        retryAt: event.retryAt,
      }));
    case 'callInDoubt':
      return withCall(session, event.callId, (call) => ({
        ...withoutAsks(call),
        phase: 'in_doubt',
        trouble: event.trouble,
        sent: true,
        ...(event.undo ? { undo: event.undo } : {}),
      }));
    case 'callResolved':
      return event.as === 'retry'
        ? withCall(session, event.callId, (call) => ({ ...call, phase: 'queued', retryAt: 0, spent: 0 }))
        : session;
    case 'callEnded':
      return withEnded(session, event.answer, event.at);
    case 'warned':
      return { ...session, clock: { ...session.clock, warned: true } };
    case 'deadlineReached':
      return { ...session, clock: { ...session.clock, graceUntil: event.graceUntil } };
    case 'extended':
      return {
        ...session,
        clock: {
          ...session.clock,
          deadlineAt: event.deadlineAt,
          extended: session.clock.extended + event.ms,
          graceUntil: null,
          warned: false,
          lastCallAt: event.at,
        },
      };
    case 'deadlineShifted':
      return { ...session, clock: { ...session.clock, deadlineAt: event.deadlineAt } };
    case 'bound':
      return { ...session, bindings: { ...session.bindings, [event.server]: bound(session, event) } };
    case 'releasedEarly':
      return { ...session, releasedEarly: [...session.releasedEarly, event.lease].slice(-RELEASES_KEPT) };
    case 'unbound':
      return {
        ...session,
        bindings: Object.fromEntries(Object.entries(session.bindings).filter(([server]) => server !== event.server)),
      };
    case 'leaseLost':
      return withBinding(session, event.server, (binding) => ({ ...binding, phase: 'lost', why: event.why }));
    case 'reopenStarted':
      return withBinding(session, event.server, (binding) => ({ ...binding, phase: 'reopening' }));
    case 'reopenFailed':
      return withBinding(session, event.server, (binding) => ({ ...binding, phase: 'lost' }));
    case 'workerSeen':
      return { ...withWorker(session, event.worker), lostUnseen: false };
    case 'restarted':
      return {
        ...(event.worker === null
          ? session
          : event.lost
            ? withGone(session, event.worker.boot)
            : withWorker(session, event.worker)),
        restarts: session.restarts + 1,
        lostUnseen: session.lostUnseen || event.worker === null,
        lastLoss: event.lost ? { at: event.at, unnamed: event.worker === null } : session.lastLoss,
      };
    case 'lossNamed':
      return {
        ...withGone(session, event.worker.boot),
        lostUnseen: false,
        lastLoss: session.lastLoss && { ...session.lastLoss, unnamed: false },
      };
    case 'weighed':
    case 'askRefused':
    case 'noted':
      return session;
    case 'dutyOpened':
      return { ...session, duties: [...session.duties, event.duty] };
    case 'checked':
      return { ...session, duties: [], checkedOver24h: session.checkedOver24h || event.over24h };
    case 'effectMade':
    case 'checkpointed':
    case 'rollbackBegun':
    case 'undone':
    case 'notUndone':
    case 'undoSkipped':
    case 'pageRead':
    case 'pageWritten':
    case 'rollbackEnded':
      return evolveUndo(session, event);
    case 'attached':
      return withAgentCommand(session, 'attach', event.by);
    case 'stateSaved':
      return { ...withAgentCommand(session, 'saveState', event.by), agentState: event.state };
    case 'recorded':
      return { ...withAgentCommand(session, 'record', event.by), usage: event.usage };
    case 'agentSeen':
    case 'agentBack':
      return { ...session, agent: { seenAt: event.at, lostAt: null } };
    case 'agentLost':
      return { ...session, agent: { ...session.agent, lostAt: event.at }, restarts: session.restarts + 1 };
    case 'wasReset':
      return { ...session, resetAt: event.at };
    case 'forked':
      return { ...session, parent: { id: event.parent, at: event.at } };
    case 'recovered':
      return { ...session, resetAt: null };
    case 'planWaits':
      return withPlan(session, (plan) => ({ ...plan, waits: { ...plan.waits, [event.member]: event.until } }));
    case 'planMemberDone':
      return withPlan(session, (plan) => ({
        ...plan,
        done: [...plan.done, event.member],
        results: event.as === undefined ? plan.results : { ...plan.results, [event.as]: event.result ?? null },
      }));
    case 'planAdvanced':
      return withPlan(session, (plan) => ({ ...plan, cursor: plan.cursor + 1, done: [], waits: {} }));
    default:
      return event satisfies never;
  }
}

export const evolveAll = (session: Session, events: readonly Event[]): Session => events.reduce(evolve, session);

/** What is kept of a command that took effect: a repeat is the same command under the same id. */
export const commandKey = (name: string, commandId: string): string => sha256Hex(`${name} ${commandId}`).slice(0, 16);

const withAgentCommand = (session: Session, name: string, { commandId }: By): Session => ({
  ...session,
  agentCommands: [...session.agentCommands, commandKey(name, commandId)].slice(-COMMANDS_KEPT),
});

const withCall = (session: Session, callId: string, change: (call: OpenCall) => OpenCall): Session => ({
  ...session,
  open: session.open.map((call) => (call.callId === callId ? change(call) : call)),
});

/** The call without what was asked in it, and answered. */
function withoutAsks(call: OpenCall): OpenCall {
  const { asks: _, continues: __, trouble: ___, ...rest } = call;
  return rest;
}

const withBinding = (session: Session, server: string, change: (binding: Binding) => Binding): Session => {
  const binding = bindingOf(session, server);
  return binding ? { ...session, bindings: { ...session.bindings, [server]: change(binding) } } : session;
};

function bound({ releasedEarly }: Session, { lease, worker, generation }: Extract<Event, { type: 'bound' }>): Binding {
  const binding = { ...lease, worker: worker.name, boot: worker.boot, generation } as const;
  return releasedEarly.includes(lease.lease)
    ? { ...binding, phase: 'lost', why: 'its worker stopped in order' }
    : { ...binding, phase: 'held' };
}

const withGone = (session: Session, boot: string | undefined): Session =>
  boot === undefined ? session : { ...session, goneBoots: [...session.goneBoots, boot].slice(-BOOTS_KEPT) };

/** The boot before it is gone: one worker has a name at a time. */
function withWorker(session: Session, { name, boot }: WorkerIdentity): Session {
  const before = Object.hasOwn(session.workers, name) ? session.workers[name] : undefined;
  return { ...withGone(session, before), workers: { ...session.workers, [name]: boot } };
}

const withPlan = (session: Session, change: (plan: NonNullable<Session['plan']>) => Session['plan']): Session =>
  session.plan ? { ...session, plan: change(session.plan) } : session;

function withEnded(session: Session, answer: Answer, at: number): Session {
  const call = session.open.find((each) => each.callId === answer.callId);
  if (!call) return session;
  const bytes = byteLength(JSON.stringify(answer));
  const { callId, server, tool, method, actor, effect, digest } = call;
  const entry: EndedCall = {
    callId,
    server,
    tool,
    ...(method === undefined ? {} : { method }),
    actor,
    effect,
    digest,
    bytes,
    outcome: answer.outcome,
    attempts: answer.attempts,
    answer,
  };
  const open = session.open.filter((each) => each !== call);
  const counts = countAnswer(session.counts, call, answer);
  return withEntry({ ...session, open, counts, clock: { ...session.clock, lastCallAt: at } }, entry);
}
