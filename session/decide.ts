import { attach, record, saveState } from './agents/rules.ts';
import { withSign } from './agents/life.ts';
import { askFirst } from './approvals/commands.ts';
import { approve, reject } from './approvals/decide.ts';
import { answered } from './budgets/answered.ts';
import { respond } from './calls/asks.ts';
import { attemptEnded } from './calls/attempts/outcomes.ts';
import { resolve } from './calls/resolve.ts';
import { call } from './calls/take.ts';
import type { OutsideCommand } from '../protocol/commands.ts';
import { accept, type Decision } from './decision.ts';
import type { Fact } from './facts.ts';
import { refuseUnproven } from './identity/rules.ts';
import { closeIncident } from './incidents/close.ts';
import { recovered, refuseReset, reset } from './lifecycle/recovery.ts';
import { isRepeated } from './lifecycle/repeated.ts';
import { cancel, cancelled, complete, extend, pause, refuseEnded, resume } from './lifecycle/steering.ts';
import { opened, openFailed } from './servers/opening.ts';
import { leaseLost, released, reopened, reopenFailed } from './servers/reopening.ts';
import { noteWorkers } from './servers/workers.ts';
import { topUp } from './money/topUp.ts';
import { review } from './reviews/done.ts';
import type { Session } from './session.ts';
import { checkpoint } from './undo/checkpoints.ts';
import { pageRead, rollback } from './undo/rollback.ts';

/** What an agent sends, as against an operator. */
const SIGNS: ReadonlySet<OutsideCommand['type']> = new Set(['call', 'attach', 'saveState', 'record', 'heartbeat']);

/**
 * What follows from a command: events, or a refusal. Pure: the same session, command and instant give the same
 * decision.
 *
 * @param now epoch milliseconds
 */
export function decide(session: Session, command: OutsideCommand, now: number): Decision {
  const decision = obey(session, command, now);
  return SIGNS.has(command.type) ? withSign(session, decision, command.by.actor, now) : decision;
}

function obey(session: Session, command: OutsideCommand, now: number): Decision {
  if (command.type === 'call') return answerEnded(session, call(session, command, now));
  if (isRepeated(session, command)) return accept();
  const refused = refuseEnded(session) ?? refuseUnproven(session, command);
  if (refused) return refused;
  const decision = perform(session, command, now);
  return decision.ok ? (askFirst(session, command, now) ?? decision) : decision;
}

/** What follows from a command that nobody else has to approve any more. */
function perform(session: Session, command: Exclude<OutsideCommand, { type: 'call' }>, now: number): Decision {
  switch (command.type) {
    case 'pause':
      return pause(session, command, now);
    case 'resume':
      return refuseReset(session, 'resume') ?? resume(session, command, now);
    case 'checkpoint':
      return checkpoint(session, command, now);
    case 'rollback':
      return refuseReset(session, 'rollback') ?? rollback(session, command, now);
    case 'extend':
      return extend(session, command, now);
    case 'topUp':
      return topUp(session, command, now);
    case 'closeIncident':
      return closeIncident(session, command, now);
    case 'complete':
      return refuseReset(session, 'complete') ?? complete(session, command);
    case 'cancel':
      return cancel(session, command);
    case 'resolve':
      return resolve(session, command, now);
    case 'respond':
      return respond(session, command, now);
    case 'approve':
      return approve(session, command, now, perform);
    case 'reject':
      return reject(session, command, now);
    case 'review':
      return review(session, command, now);
    case 'attach':
      return attach(command, now);
    case 'saveState':
      return saveState(session, command, now);
    case 'record':
      return record(session, command, now);
    case 'heartbeat':
      return accept();
    default:
      return command satisfies never;
  }
}

/** What follows from a fact. A refusal says that the fact is of no meaning to the session, late or forged. */
export function learn(session: Session, fact: Fact, now: number): Decision {
  switch (fact.type) {
    case 'cancelled':
      return cancelled(session, fact);
    case 'reset':
      return reset(session, now);
    case 'forked':
    case 'forkedInto':
      return accept(fact);
    case 'recovered':
      return recovered(session, fact, now);
    case 'workersSeen':
      return accept(...noteWorkers(session, fact.workers, now));
    case 'opened':
      return opened(session, fact, now);
    case 'openFailed':
      return openFailed(session, fact, now);
    case 'released':
      return refuseEnded(session) ?? released(session, fact, now);
    case 'leaseLost':
      return leaseLost(session, fact, now);
    case 'reopened':
      return reopened(session, fact, now);
    case 'reopenFailed':
      return reopenFailed(session, fact, now);
    case 'attemptEnded':
      return attemptEnded(session, fact, now);
    case 'drawn':
    case 'drawFailed':
      return answered(session, fact);
    case 'pageRead':
    case 'pageLost':
      return pageRead(session, fact);
    case 'pageWritten':
      return accept({ type: 'pageWritten', ref: fact.ref, upTo: fact.upTo });
    default:
      return fact satisfies never;
  }
}

/** A session that has ended still answers a repeated call; it takes no new one. */
const answerEnded = (session: Session, decision: Decision): Decision =>
  decision.ok && decision.answer ? decision : (refuseEnded(session) ?? decision);
