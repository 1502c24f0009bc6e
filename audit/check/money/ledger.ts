import type { AuditRecord } from '../../../protocol/records.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { foldMoney } from '../../../session/money/fold.ts';
import { accountOfFork } from '../../../session/money/fork.ts';
import type { Account } from '../../../session/money/state.ts';
import { causesOf } from '../../../session/reviews/asked.ts';
import type { Event } from '../../../session/events.ts';
import type { Session } from '../../../session/session.ts';
import { decode, decodeOne, instantOf } from '../../history.ts';
import type { ReadRun } from '../records.ts';
import { after, type AtWork, layersOf } from './layers.ts';

/** The account of a session as its records make it again, and what decides which layers cost. */
export interface Ledger {
  readonly account: Account | null;
  readonly startedAt: number;
  readonly work: AtWork;
}

/** Something that changes an account. */
type MoneyEvent = Extract<Event, { type: 'charged' | 'recorded' | 'toppedUp' | 'layersChanged' | 'opened' }>;

/** The account after an event: the session's own fold, over what its records tell. */
export function folded(ledger: Ledger, event: MoneyEvent): Ledger {
  const { account, startedAt } = ledger;
  const money = foldMoney({ account, startedAt } as Session, event);
  return money?.account === undefined ? ledger : { ...ledger, account: money.account };
}

/** With what a run begins: nothing, what was handed to it, or what a parent left. */
export function beginningOf(run: ReadRun): Ledger {
  const [started] = run.events;
  const startedAt = instantOf(started?.eventTime);
  const ledger = { account: null, startedAt, work: { state: 'INIT', isDue: false, causes: [], asked: null } };
  const session = run.carried?.session as Session | undefined;
  if (session) return { account: session.account ?? null, startedAt: session.startedAt, work: workOf(session) };
  const parent = parentOf(run);
  if (!parent) return ledger;
  const forked = ownRecords(run).find(({ kind }) => kind === 'forked');
  const work = { ...workOf(parent), state: 'RESUMING', asked: null };
  return { account: accountOfFork(parent, forked?.at ?? startedAt), startedAt: parent.startedAt, work };
}

function workOf(session: Session): AtWork {
  const { state, duties = [], approvals = [], reviewCauses = [] } = session;
  const causes = causesOf({ approvals, reviewCauses });
  const asked = approvals.find(({ subject }) => subject.kind === 'review' && subject.review === 'extra');
  return { state: state.name, isDue: duties.length > 0, causes, asked: asked?.id ?? null };
}

/** The state of the session that a fork is of. */
function parentOf({ events, records }: ReadRun): Session | undefined {
  const isFork = records.some((record) => record.kind === 'started' && record.data.as === 'fork');
  const done = events.find((event) => event.activityTaskCompletedEventAttributes);
  const [read] = isFork ? decode(done?.activityTaskCompletedEventAttributes?.result) : [];
  const carried = isObject(read) ? read.carried : undefined;
  return isObject(carried) && isObject(carried.session) ? (carried.session as unknown as Session) : undefined;
}

/** What the session wrote as records in a run, with its own instants, in order. */
export const ownRecords = ({ events }: ReadRun): readonly AuditRecord[] =>
  events
    .flatMap((event) => {
      const written = decodeOne(event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.audit);
      return Array.isArray(written) ? (written as readonly AuditRecord[]).filter(isObject) : [];
    })
    .sort((a, b) => a.n - b.n);

/** The ledger after a record of the session. */
export function afterRecord(ledger: Ledger, record: AuditRecord): Ledger {
  const work = after(ledger.work, record);
  const { account } = ledger;
  if (!account) return { ...ledger, work };
  const layers = layersOf(work);
  const next = { ...ledger, work };
  return layers.join() === account.at.join() ? next : folded(next, { type: 'layersChanged', at: record.at, layers });
}
