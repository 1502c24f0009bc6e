/** The states of a session. docs/state-machine.md draws them, by test. */
export const STATE_NAMES = [
  'INIT',
  'RUNNING',
  'PAUSED',
  'RESUMING',
  'ROLLBACK',
  'AUDIT',
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
] as const;
export type StateName = (typeof STATE_NAMES)[number];

/** Why a session is paused. */
export const PAUSE_CAUSES = ['operator', 'timeout', 'budget', 'review', 'incident', 'restart'] as const;
export type PauseCause = (typeof PAUSE_CAUSES)[number];
