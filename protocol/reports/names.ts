/** The reports of a session, one for each key of `onReport` of its profile. */
export const REPORTS = ['summary', 'audit', 'compliance', 'financial'] as const;
export type ReportName = (typeof REPORTS)[number];
