import type { Command } from './commands.ts';
import { commandKey } from './evolve.ts';
import type { Session } from './session.ts';
import { attach, record, saveState, withSign } from './agents/rules.ts';
import { respond } from './calls/asks.ts';
import { attemptEnded, resolve } from './calls/outcomes.ts';
import { call, dispatch } from './calls/take.ts';
import { checkpoint } from './undo/checkpoints.ts';
import { tick } from './time/deadline.ts';
import { cancel, complete, extend, pause, refuseEnded, resume } from './lifecycle/commands.ts';
import { opened, openFailed } from './servers/opening.ts';
import { plan } from './plan/steps.ts';
import { recovered, refuseReset, reset } from './lifecycle/recovery.ts';
import { leaseLost, released, reopened, reopenFailed } from './servers/reopening.ts';
import { pageRead, rollback, undo } from './undo/rollback.ts';
import { settle } from './lifecycle/audit.ts';
import type { Decision } from './decision.ts';
import { noteWorkers } from './servers/workers.ts';
import { accept } from './decision.ts';

export type { Decision } from './decision.ts';
export { mayOpen } from './servers/leases.ts';
export { nextInstant } from './time/deadline.ts';

/**
 * The only place where rules live (D1): what follows from a command, given the session and the time.
 * Pure: the same session, command and instant give the same decision.
 *
 * @param now epoch milliseconds
 */
export function decide(session: Session, command: Command, now: number): Decision {
  const decision = decideOn(session, command, now);
  return 'by' in command && SIGNS.has(command.type) ? withSign(session, decision, command.by.actor, now) : decision;
}

/** What an agent sends, as against an operator. */
const SIGNS: ReadonlySet<Command['type']> = new Set(['call', 'attach', 'saveState', 'record', 'heartbeat']);

function decideOn(session: Session, command: Command, now: number): Decision {
  if ('by' in command && command.type !== 'call' && isRepeated(session, commandKey(command.type, command.by.commandId)))
    return accept();
  switch (command.type) {
    case 'call':
      return answerEnded(session, call(session, command, now));
    case 'pause':
      return refuseEnded(session) ?? pause(session, command, now);
    case 'resume':
      return refuseEnded(session) ?? refuseReset(session, 'resume') ?? resume(session, command, now);
    case 'checkpoint':
      return refuseEnded(session) ?? checkpoint(session, command, now);
    case 'rollback':
      return refuseEnded(session) ?? refuseReset(session, 'rollback') ?? rollback(session, command, now);
    case 'extend':
      return refuseEnded(session) ?? extend(session, command, now);
    case 'complete':
      return refuseEnded(session) ?? refuseReset(session, 'complete') ?? complete(session, command);
    case 'cancel':
      return refuseEnded(session) ?? cancel(session, command);
    case 'resolve':
      return refuseEnded(session) ?? resolve(session, command, now);
    case 'respond':
      return refuseEnded(session) ?? respond(session, command);
    case 'attach':
      return refuseEnded(session) ?? attach(command, now);
    case 'saveState':
      return refuseEnded(session) ?? saveState(session, command, now);
    case 'record':
      return refuseEnded(session) ?? record(session, command, now);
    case 'heartbeat':
      return refuseEnded(session) ?? accept();
    case 'reset':
      return reset(session, now);
    case 'forked':
      return accept(command);
    case 'recovered':
      return recovered(session, command, now);
    case 'workersSeen':
      return accept(...noteWorkers(session, command.workers, now));
    case 'opened':
      return opened(session, command, now);
    case 'openFailed':
      return openFailed(session, command, now);
    case 'released':
      return refuseEnded(session) ?? released(session, command, now);
    case 'leaseLost':
      return leaseLost(session, command, now);
    case 'reopened':
      return reopened(session, command, now);
    case 'reopenFailed':
      return reopenFailed(session, command, now);
    case 'tick':
      return accept(...tick(session, now));
    case 'plan':
      return accept(...plan(session, now));
    case 'dispatch':
      return dispatch(session, now);
    case 'attemptEnded':
      return attemptEnded(session, command.callId, command.outcome, now);
    case 'settle':
      return accept(...settle(session, now));
    case 'undo':
      return accept(...undo(session, now));
    case 'pageRead':
    case 'pageLost':
      return pageRead(session, command);
    case 'pageWritten':
      return accept({ type: 'pageWritten', ref: command.ref, upTo: command.upTo });
    default:
      return command satisfies never;
  }
}

const isRepeated = ({ commands, agentCommands }: Session, key: string): boolean =>
  commands.includes(key) || agentCommands.includes(key);

/** A session that has ended still answers a repeated call; it takes no new one. */
function answerEnded(session: Session, decision: Decision): Decision {
  return decision.ok && decision.answer ? decision : (refuseEnded(session) ?? decision);
}
