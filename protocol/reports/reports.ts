import type { MoneyView } from '../money/view.ts';
import type { Layer } from '../records.ts';
import type { SessionView } from '../view.ts';
import type { Cited, Tally } from './tally.ts';

/** What a session was and did. */
export interface SummaryReport extends Pick<
  SessionView,
  'agent' | 'profile' | 'labels' | 'startedBy' | 'startedAt' | 'deadlineAt' | 'state' | 'code' | 'reason' | 'parent'
> {
  readonly restarts: number;
  readonly checkpoints: number;
  readonly effects: SessionView['effects'];
  /** Taken, how they ended, and how many have not. */
  readonly calls: { readonly taken: number; readonly outcomes: Tally['outcomes']; readonly open: number };
}

/** What stands on record, by layer and kind. */
export interface AuditReport {
  readonly layers: { readonly [layer in Layer]: { readonly [kind: string]: Omit<Cited, 'layer'> } };
}

/** What somebody has to answer for: the compliance layer, and what is still open. */
export interface ComplianceReport {
  readonly records: AuditReport['layers'][Layer];
  readonly refusals: SessionView['refusals'];
  readonly open: {
    readonly inDoubt: number;
    readonly approvals: number;
    readonly reviews: number;
    readonly incidents: number;
  };
  /** Reviews in which a person objected. */
  readonly objections: number;
}

/** What it cost; null in a session without an account. Integer micro-USD. */
export type FinancialReport = Pick<
  MoneyView,
  | 'limit'
  | 'spent'
  | 'reserved'
  | 'free'
  | 'overrun'
  | 'toppedUp'
  | 'parts'
  | 'byName'
  | 'excess'
  | 'delays'
  | 'ofParent'
  | 'prices'
> | null;

/** The figures of each report. */
export interface Reports {
  readonly summary: SummaryReport;
  readonly audit: AuditReport;
  readonly compliance: ComplianceReport;
  readonly financial: FinancialReport;
}
