import type { RecordBody } from '../../protocol/records.ts';
import type { Tally } from '../../protocol/reports/tally.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import type { Reporting } from './state.ts';

/** What reports are made of, after an event. */
export function foldReports({ tally, reporting }: Session, event: Event): Partial<Reporting> | undefined {
  if (event.type === 'reported') return { reporting: 'made' };
  if (reporting === 'none' || event.type !== 'callEnded' || event.call.compensates !== undefined) return undefined;
  const { outcome } = event.answer;
  const { outcomes } = tally;
  return { tally: { ...tally, outcomes: { ...outcomes, [outcome]: (outcomes[outcome] ?? 0) + 1 } } };
}

/** Of a kind that was not counted yet: bytes by which what is carried grows at most. */
const KIND = 128;

/** Counts a record. */
export function tallied(session: Session, n: number, { layer, kind }: RecordBody): Session {
  const { tally, weight, reporting } = session;
  if (reporting === 'none') return session;
  const known = tally.kinds[kind];
  const cited = known ? { ...known, times: known.times + 1, last: n } : { layer, times: 1, first: n, last: n };
  const next: Tally = { ...tally, kinds: { ...tally.kinds, [kind]: cited } };
  return { ...session, tally: next, weight: known ? weight : weight + KIND };
}
