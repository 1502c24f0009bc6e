import { argumentBytes } from '../../protocol/calls/call.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { costOf, priceOf, type Used } from '../../protocol/money/prices.ts';
import type { OpenCall } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import type { Session } from '../session.ts';
import type { Account, Reservation } from './state.ts';

/**
 * What the next attempt of a call may cost at most: its whole timeout, and the largest result that is kept; and the
 * most that undoing it may cost. Undefined where nothing of it has a price.
 */
export function reservationOf(session: Session, call: OpenCall): Reservation | undefined {
  const { account } = session;
  if (!account || Object.keys(account.book.calls).length === 0) return undefined;
  const reserved = { call: worstOf(session, account, call, argumentBytes(call)), undo: undoOf(session, account, call) };
  return reserved.call + reserved.undo > 0 ? reserved : undefined;
}

type Named = Pick<OpenCall, 'server' | 'tool' | 'method' | 'compensates'>;

function worstOf(session: Session, { book }: Account, call: Named, bytesIn: number): number {
  const limits = { ...DEFAULTS.session, ...session.governance?.session };
  const out = call.compensates === undefined ? limits.maxResult : DEFAULTS.session.maxResult;
  const used: Used = { ms: termsOf(session, call)?.timeout ?? 0, in: bytesIn, out };
  return costOf(priceOf(book, call), used);
}

/** A compensation reserves nothing for another. */
function undoOf(session: Session, account: Account, call: OpenCall): number {
  if (call.compensates !== undefined) return 0;
  const tools = termsOf(session, call)?.undoTools ?? [];
  const most = session.governance?.session.maxArguments ?? DEFAULTS.session.maxArguments;
  const worst = (tool: string): number =>
    worstOf(session, account, { server: call.server, tool, compensates: 0 }, most);
  return Math.max(0, ...tools.map(worst));
}
