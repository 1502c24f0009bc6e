import type { Governance } from '../../../protocol/governance.ts';
import type { PinnedBook } from '../../../protocol/money/prices.ts';
import type { AuditRecord } from '../../../protocol/records.ts';
import { isObject } from '../../../protocol/values/json.ts';
import type { Account } from '../../../session/money/state.ts';
import { limitOf } from '../../../session/money/balance.ts';
import { decode } from '../../history.ts';
import { storiesOf } from '../calls/stories.ts';
import { type Checked, type Finding, finding, idOf } from '../finding.ts';
import type { ReadRun } from '../records.ts';
import { type Charge, chargesOf } from './charges.ts';
import { againstCarried, againstView } from './compare.ts';
import { afterRecord, beginningOf, folded, type Ledger, ownRecords } from './ledger.ts';
import { entriesIn } from './usage.ts';

/**
 * Do the records come to the amounts on record? The ledger is made again by the session's own fold, from intents,
 * outcomes, usage and instants, and held against every place where the session says it: the end, reports, what a run
 * handed to the next, top-ups and overruns.
 */
export function checkMoney(runs: readonly ReadRun[]): Checked {
  const charges = chargesBy(runs);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let ledger: Ledger | undefined;
  let [charged, compared] = [0, 0];
  for (const run of runs) {
    if (!ledger || run.recovers !== null) ledger = beginningOf(run);
    else findings.push(...carriedOver(ledger, run));
    let open: Ledger = ledger;
    for (const record of ownRecords(run)) {
      open = afterRecord(withOpening(open, run, record), record);
      if (record.kind === 'topped-up') {
        open = withTopUp(open, record.data.microUsd);
        findings.push(...toppedUp(open.account, record, run.runId));
      }
    }
    const its = open.account ? charges(open.account.book, run.runId) : [];
    const known = its.filter((charge) => charge !== undefined);
    for (const charge of known) open = folded(open, { type: 'charged', undo: 0, ...charge });
    for (const entry of entriesIn(run, seen)) open = folded(open, recorded(entry));
    charged += known.length;
    const unknown = its.length - known.length;
    if (unknown > 0) findings.push(finding('LEDGER_NOT_CHECKED', { attempts: unknown }, { run: run.runId }));
    const said = open.account && unknown === 0 ? statementsIn(run) : [];
    for (const { view, ...place } of said) findings.push(...againstView(open.account!, view, place));
    if (open.account) findings.push(...overruns(known, run));
    compared += said.length;
    ledger = open;
  }
  return { name: 'money', counted: { charges: charged, statements: compared }, findings };
}

const recorded = (entry: ReturnType<typeof entriesIn>[number]) => ({ type: 'recorded', entry }) as never;

function carriedOver({ account }: Ledger, { carried, runId: run }: ReadRun): readonly Finding[] {
  const handed = isObject(carried?.session) ? (carried.session.account as Account | null | undefined) : null;
  return account && handed ? againstCarried(account, handed, { run, events: [1] }) : [];
}

/** Prices and rates are pinned when the servers are open for the first time, as the record `governance` tells. */
function withOpening(ledger: Ledger, { records }: ReadRun, { kind, n }: AuditRecord): Ledger {
  if (kind !== 'governance') return ledger;
  const before = records.slice(
    0,
    records.findIndex((record) => record.n === n),
  );
  const pinned = before.findLast((record) => record.kind === 'pinned');
  const loaded = pinned?.kind === 'pinned' && isObject(pinned.data.loaded) ? pinned.data.loaded : {};
  if (!isObject(loaded.governance)) return ledger;
  const governance = loaded.governance as unknown as Governance;
  const money = ledger.work.state === 'INIT' && isObject(loaded.money) ? { money: loaded.money as never } : {};
  const work = governance.reviews ? { ...ledger.work, isDue: false } : ledger.work;
  return folded({ ...ledger, work }, { type: 'opened', governance, ...money } as never);
}

function withTopUp(ledger: Ledger, microUsd: number): Ledger {
  const { account } = ledger;
  if (!account) return ledger;
  const { alerted, halved, short } = account;
  return folded(ledger, { type: 'toppedUp', microUsd, alerted, halved, short } as never);
}

function toppedUp(account: Account | null, record: AuditRecord, run: string): readonly Finding[] {
  if (!account || record.kind !== 'topped-up') return [];
  const limit = limitOf(account);
  if (limit === record.data.limit) return [];
  return [
    finding('LEDGER', { what: 'topped-up', counted: limit, said: record.data.limit }, { run, records: [record.n] }),
  ];
}

/** The charges of a run, with one that is undefined for each that the records do not tell; prices never change. */
function chargesBy(runs: readonly ReadRun[]): (book: PinnedBook, run: string) => readonly (Charge | undefined)[] {
  let all: readonly (Charge | undefined)[] | undefined;
  return (book, run) => {
    all ??= [...storiesOf(runs).values()].flatMap((story) => chargesOf(story, book));
    return all.filter((charge) => charge === undefined || charge.run === run);
  };
}

/** What cost more than it could has a record `overrun`, and nothing else has. */
function overruns(charges: readonly Charge[], run: ReadRun): readonly Finding[] {
  const counted = charges.filter(({ excess }) => excess > 0).map(overrunText);
  const records = ownRecords(run).filter((record) => record.kind === 'overrun');
  const said = records.map(({ data }) => overrunText(data));
  if (counted.toSorted().join() === said.toSorted().join()) return [];
  const place = { run: run.runId, records: records.map(({ n }) => n) };
  return [finding('LEDGER', { what: 'overrun', counted, said }, place)];
}

const overrunText = ({ callId, cost, excess }: Pick<Charge, 'callId' | 'cost' | 'excess'>): string =>
  `${callId}: ${cost} (${excess})`;

interface Statement {
  readonly view: unknown;
  readonly run: string;
  readonly events: readonly number[];
  readonly records?: readonly number[];
}

/** Where a run says how the money stands at its end: the last view, and a financial report. */
function statementsIn({ runId: run, events, records }: ReadRun): readonly Statement[] {
  const end = events.at(-1);
  const completed = end?.workflowExecutionCompletedEventAttributes?.result;
  const failed = end?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo?.details;
  const [view] = decode(completed ?? failed);
  const last = isObject(view) && isObject(view.money) ? [{ view: view.money, run, events: [idOf(end ?? {})] }] : [];
  const reports = records.flatMap((record): readonly Statement[] =>
    record.kind === 'report' && record.data.of === 'financial'
      ? [{ view: record.data.figures, run, events: record.events, records: [record.n ?? 0] }]
      : [],
  );
  return [...last, ...reports];
}
