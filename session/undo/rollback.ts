import { firstTextOf } from '../../protocol/call.ts';
import { START } from './checkpoint.ts';
import type { InsideCommand, OutsideCommand } from '../commands.ts';
import type { Event } from '../events.ts';
import type { EndedCall, OpenCall, Session } from '../session.ts';
import { goesOn, hasRunning, termsOf } from '../session.ts';
import type { Paused } from '../lifecycle/states.ts';
import { entryOf, isUndone, pageNeeded, shortened } from './log.ts';
import type { UndoEntry } from '../../protocol/undo.ts';
import { giveUp } from '../calls/endings.ts';
import { commanded, leavePause } from '../lifecycle/commands.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, illegal, move, refuse } from '../decision.ts';

/** Undoes side effects back to a checkpoint or to the start (L7). Begins once the calls under way have ended. */
export function rollback(
  session: Session,
  command: Extract<OutsideCommand, { type: 'rollback' }>,
  now: number,
): Decision {
  const { state } = session;
  const { by } = command;
  const to = command.to === START ? null : command.to;
  if (state.name !== 'RUNNING' && state.name !== 'PAUSED') return illegal(session, 'rollback', 'RUNNING and PAUSED');
  const names = session.checkpoints.map(({ name }) => name);
  if (to !== null && !names.includes(to))
    return refuse(
      'CHECKPOINT_NOT_FOUND',
      `The session has no checkpoint '${to}'; it has ${names.slice(-20).join(', ') || 'none'}.`,
    );
  return accept(
    commanded(command),
    ...leavePause(session, now),
    move(state, { name: 'ROLLBACK', to, reason: by.reason, by: by.actor, since: now }, by.actor, by.reason),
  );
}

/** The number of the last effect that a rollback leaves as it is. */
export const floorOf = ({ checkpoints }: Session, to: string | null): number =>
  checkpoints.find(({ name }) => name === to)?.effects ?? 0;

/** Id of the call that undoes a call: a new one in each rollback, since the one before may have failed. */
export const undoCallId = ({ rollbacks }: Session, { n }: UndoEntry): string => `undo/${rollbacks}/${n}`;

/** The next step of a rollback: one compensation at a time, in reverse order. */
export function undo(session: Session, now: number): readonly Event[] {
  const { state, rollback: progress } = session;
  if (state.name !== 'ROLLBACK' || hasRunning(session) || session.open.some((call) => goesOn(session, call))) return [];
  if (!progress) return begin(session, state.to, now);
  if (session.open.some(({ compensates, phase }) => compensates !== undefined && phase === 'queued')) return [];
  const { next, floor } = progress;
  if (next <= floor) return finish(session, now);
  if (isUndone(session.undo, next)) return [{ type: 'undoSkipped', to: next }];
  if (pageNeeded(session)) return [];
  const entry = entryOf(session, next);
  return entry
    ? step(session, entry, now)
    : notUndone(
        next,
        floor + 1,
        `calls ${floor + 1} to ${next} of the undo log`,
        'the pages that say how to undo them are incomplete',
      );
}

/** What waits to start would act on a world that is no more. */
function begin(session: Session, to: string | null, now: number): readonly Event[] {
  const waiting = session.open.filter((call) => call.phase === 'queued');
  return [
    { type: 'rollbackBegun', to, floor: floorOf(session, to) },
    ...waiting.map((call) =>
      giveUp(
        call,
        call.attempts === 0 ? 'refused' : 'cancelled',
        { code: 'CALL_ROLLED_BACK', message: 'The session was rolled back before the call could start.' },
        now,
      ),
    ),
  ];
}

function step(session: Session, entry: UndoEntry, now: number): readonly Event[] {
  const { n, undo: how, server } = entry;
  const what = `${server}.${entry.tool} (${entry.callId})`;
  if ('impossible' in how) return notUndone(n, n, what, how.impossible);
  const callId = undoCallId(session, entry);
  const open = session.open.find((call) => call.callId === callId);
  if (open)
    return notUndone(
      n,
      n,
      what,
      `whether ${server}.${how.tool} has undone it is in doubt: look, then \`custody resolve ${session.id} ${callId}\``,
    );
  const ended = session.ended.findLast((call) => call.callId === callId);
  if (ended) return notUndone(n, n, what, `${server}.${how.tool} ${whyNot(ended)}; mend that and roll back again`);
  const args = 'call' in how ? how.call.args : {};
  const effect = how.checked ? 'idempotent' : (termsOf(session, { server, tool: how.tool })?.effect ?? 'irreversible');
  const call: OpenCall = {
    callId,
    server,
    tool: how.tool,
    args,
    digest: '',
    bytes: 0,
    effect,
    actor: CUSTODY,
    phase: 'queued',
    acceptedAt: now,
    attempts: 0,
    spent: 0,
    sent: false,
    retryAt: 0,
    undo: how,
    compensates: n,
  };
  return [{ type: 'callAccepted', call }];
}

const notUndone = (n: number, downTo: number, what: string, why: string): readonly Event[] => [
  { type: 'notUndone', n, downTo, remains: { what, why } },
];

function whyNot({ outcome, answer }: EndedCall): string {
  if (answer?.error) return `ended as ${outcome} (${answer.error.code}: ${answer.error.message})`;
  const text = firstTextOf(answer?.result);
  return `ended as ${outcome}${text === undefined ? '' : ` (${text.slice(0, 300)})`}`;
}

/** A page of the undo log came back, or did not. */
export function pageRead(
  { rollback: progress }: Session,
  command: Extract<InsideCommand, { type: 'pageRead' | 'pageLost' }>,
): Decision {
  if (!progress) return refuse('ILLEGAL_IN_STATE', 'No rollback is under way.');
  if (command.type === 'pageRead') return accept({ type: 'pageRead', page: command.page });
  const { floor, next } = progress;
  return accept(
    ...notUndone(
      next,
      floor + 1,
      `calls ${floor + 1} to ${next} of the undo log`,
      `how to undo them cannot be read (${command.refusal.code}: ${command.refusal.message})`,
    ),
  );
}

function finish(session: Session, now: number): readonly Event[] {
  const { state, rollback: progress } = session;
  if (state.name !== 'ROLLBACK' || !progress) return [];
  const { to } = state;
  const doubtful = session.open
    .filter((call) => call.phase === 'in_doubt' && call.compensates === undefined && call.effect !== 'read-only')
    .map((call) => `${call.server}.${call.tool} (${call.callId}, in doubt)`);
  const shown = [...doubtful, ...progress.shown];
  const remaining = progress.remaining + doubtful.length;
  const events: Event[] = [{ type: 'rollbackEnded', to, undone: progress.undone, remaining, shown }];
  if (!session.duties.some(({ kind }) => kind === 'rollback'))
    events.push({ type: 'dutyOpened', duty: { kind: 'rollback', since: now } });
  const where = to === null ? 'the start' : `checkpoint '${to}'`;
  const did = `rolled back to ${where} by ${state.by}: ${state.reason}`;
  if (remaining === 0 && to === null)
    return [
      ...events,
      move(
        state,
        { name: 'AUDIT', then: { name: 'FAILED', code: 'ROLLED_BACK', reason: did } },
        CUSTODY,
        progress.undone > 0 ? `${progress.undone} calls undone` : 'nothing is left to undo',
      ),
    ];
  const paused: Paused =
    remaining === 0
      ? { name: 'PAUSED', cause: 'operator', reason: did, by: state.by, since: now }
      : {
          name: 'PAUSED',
          cause: 'incident',
          reason: `${did}; not undone: ${shortened(shown, remaining)}`,
          by: CUSTODY,
          since: now,
        };
  return [...events, move(state, paused, paused.by, paused.reason)];
}
