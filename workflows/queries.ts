import { setHandler } from '@temporalio/workflow';
import { START } from '../protocol/fields.ts';
import { hasOlder } from '../session/calls/ledger/olderIds.ts';
import { replyOf } from '../session/calls/reply.ts';
import { toCarry } from '../session/capacity/carried.ts';
import { outlineOf } from '../session/undo/outline.ts';
import { viewOf } from '../session/view/view.ts';
import { QUERIES } from './descriptions.ts';
import { callQuery, carriedQuery, describeQuery, pinsQuery, RECOVERING, rollbackQuery } from './messages.ts';
import type { SessionRun } from './run.ts';

/** Questions that a session answers; they change nothing. */
export function registerQueries(run: SessionRun): void {
  setHandler(carriedQuery, () => toCarry(run.state), described('carried'));
  setHandler(
    rollbackQuery,
    (to) => outlineOf(run.state.session, typeof to === 'string' && to !== START ? to : null),
    described('rollback'),
  );
  const asOf = (now: unknown): number => (Number.isSafeInteger(now) ? Math.max(now as number, Date.now()) : Date.now());
  setHandler(describeQuery, (now) => viewOf(run.state.session, run.state.runs, asOf(now)), described('describe'));
  setHandler(pinsQuery, () => run.state.session.servers, described('pins'));
  const replyTo = (callId: unknown) => {
    if (typeof callId !== 'string') return null;
    const { open, ended, older } = run.state.session;
    const isKnown = [...open, ...ended].some((call) => call.callId === callId) || hasOlder(older, callId);
    const reply = replyOf(run.state, callId, isKnown);
    return reply && run.hearing.with(callId, reply);
  };
  setHandler(callQuery, replyTo, described('call'));
}

const described = (name: keyof typeof QUERIES) => ({ description: QUERIES[name] });

/** Until a recovered run has read its state, clients ask again. */
export function registerRecovering(): void {
  const notYet = (): never => {
    throw new Error(RECOVERING);
  };
  for (const query of [describeQuery, pinsQuery, callQuery, rollbackQuery]) setHandler(query, notYet);
}
