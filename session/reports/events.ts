import type { Reports } from '../../protocol/reports/reports.ts';
import type { ReportName } from '../../protocol/reports/names.ts';

/** A report of a session that has ended. */
export type ReportEvent = { readonly type: 'reported'; readonly of: ReportName; readonly figures: Reports[ReportName] };
