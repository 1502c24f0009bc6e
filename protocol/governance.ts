import type { ReviewMode } from './reviews/reviews.ts';
import { type ScanTerms, SCANNED } from './incidents/scan.ts';
import { ACTS, PROVEN_ACTS, type ProvenAct } from './identity/roles.ts';

/**
 * A governance profile after it was read, checked and completed with defaults: what a session obeys.
 * Durations are milliseconds, money is integer micro-USD.
 */
export interface Governance {
  readonly session: {
    /** From the start of the session to its deadline. */
    readonly timeout: number;
    /** After the deadline, how long an extension may still be approved. */
    readonly gracePeriod: number;
    /** How long before the deadline the warning is recorded. */
    readonly warning: number;
    /** The sum of all extensions. */
    readonly maxExtension: number;
    /** How long a session that begins waits for servers that cannot be reached yet. */
    readonly serverWait: number;
    /** Without a call for this long the session times out; null is off. */
    readonly idleTimeout: number | null;
    /** Whether time spent in PAUSED counts towards the deadline. */
    readonly pausedTimeCounts: boolean;
    /** Resume by itself once the cause of a pause is gone: an approved extension. */
    readonly autoResume: boolean;
    /** Always true: the history is the audit trail. */
    readonly auditTrail: true;
    /** A session ends only after its reviews, with no call in doubt. */
    readonly complianceCheck: boolean;
    /** Calls under way at once. */
    readonly concurrency: number;
    /**
     * Calls that the session takes in all. Sessions that 0.1.0 opened know no limits of calls, bytes and repeats:
     * the three are absent there.
     */
    readonly maxCalls: number;
    /** Bytes of the arguments and answers of all calls together; null is off. */
    readonly maxBytes: number | null;
    /** Calls from outside in a row for one tool with the same arguments. */
    readonly maxIdentical: number;
    /** Bytes of the arguments of one call; the default where absent, as in sessions that 0.1.0 opened. */
    readonly maxArguments: number;
    /** Bytes of the result of one call, beyond which it is not kept; the default where absent. */
    readonly maxResult: number;
    /**
     * An agent outside that gives no sign for so long is lost; null is off, and so is absent, as 0.1.0 left it.
     * Milliseconds.
     */
    readonly agentHeartbeat: number | null;
    /**
     * For so long after a call, the same call from another connection of its caller is answered with a question; null
     * is off, and so is absent. Milliseconds.
     */
    readonly askRepeats: number | null;
    /** Calls that arrive during a pause. */
    readonly whilePaused: 'wait' | 'refuse';
    /** Calls under way when a pause begins. */
    readonly onPause: 'drain' | 'cancel';
  };
  /**
   * Commands that others must approve before they take effect, and how many: 0 is none. Absent in sessions that 0.1.0
   * opened.
   */
  readonly approvals: {
    readonly extend: number;
    readonly rollback: number;
    readonly resolve: number;
    /** Absent in sessions that opened before there was money. */
    readonly topUp?: number;
    /** For so long they may be asked; then it is denied. Milliseconds. */
    readonly expires: number;
  };
  /**
   * Who does the reviews of a session. Absent in sessions that opened before there were any: they have duties, see
   * `Lifecycle`.
   */
  readonly reviews: {
    readonly session: ReviewMode;
    readonly execution: ReviewMode;
    readonly compliance: ReviewMode;
    readonly extra: ReviewMode;
    /** How many persons do each that persons do. */
    readonly persons: number;
    /** For so long persons have time; then it is late. Milliseconds. */
    readonly due: number;
  };
  readonly onTimeout: {
    readonly pause: boolean;
    readonly audit: boolean;
    readonly notify: boolean;
    readonly rollback: boolean;
  };
  readonly onRestart: {
    readonly restore: boolean;
    readonly audit: boolean;
    readonly notify: boolean;
    readonly compliance: boolean;
  };
  readonly cost: {
    readonly auditCost: number;
    readonly executionCost: number;
    readonly complianceCost: number;
    readonly autoScale: boolean;
    readonly budgetLimit: number | null;
    /** At which shares of the budget alerts are given, ascending, in per cent; true is at 50, 80 and 100. */
    readonly costAlert: boolean | readonly number[];
    /** An hour of the persons who decide while a session waits; this and the next are absent in older sessions. */
    readonly personCost?: number;
    /** What a delay is said to add to the cost of a session, per cent: the model beside what is measured. */
    readonly delayOnTimeout?: number;
    readonly delayOnRestart?: number;
    readonly delayOnRollback?: number;
  };
  readonly onCostAlert: {
    readonly scaleDown: boolean;
    readonly audit: boolean;
    readonly notify: boolean;
    readonly pause: boolean;
  };
  /** Absent in sessions that opened before there were incidents; so are `onIncident` and `scan`. */
  readonly incidents: {
    /** Calls that rules deny in a row make an incident; null is off. */
    readonly denials: number | null;
  };
  readonly onIncident: {
    readonly audit: boolean;
    readonly notify: boolean;
    readonly pause: boolean;
  };
  /** What is looked for in arguments and results, and what becomes of it. */
  readonly scan: ScanTerms;
  readonly onReport: {
    readonly summary: boolean;
    readonly audit: boolean;
    readonly compliance: boolean;
    readonly financial: boolean;
  };
  /**
   * What only a proven actor may do, once there is a list of principals. Absent in sessions that opened before there
   * were any.
   */
  readonly proof: { readonly [act in ProvenAct]: boolean };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What a profile that says nothing means. The one table of defaults; docs/configuration.md shows it, by test. */
export const DEFAULTS: Governance = {
  session: {
    timeout: 24 * HOUR,
    gracePeriod: 30 * MINUTE,
    warning: HOUR,
    maxExtension: 24 * HOUR,
    serverWait: 10 * MINUTE,
    idleTimeout: null,
    pausedTimeCounts: true,
    autoResume: false,
    auditTrail: true,
    complianceCheck: true,
    concurrency: 4,
    maxCalls: 10_000,
    maxBytes: 1024 ** 3,
    maxIdentical: 20,
    maxArguments: 10 * 1024 ** 2,
    maxResult: 10 * 1024 ** 2,
    agentHeartbeat: null,
    askRepeats: 15 * MINUTE,
    whilePaused: 'wait',
    onPause: 'drain',
  },
  approvals: { extend: 0, rollback: 0, resolve: 0, topUp: 0, expires: 24 * HOUR },
  reviews: { session: 'rules', execution: 'rules', compliance: 'rules', extra: 'rules', persons: 1, due: 24 * HOUR },
  onTimeout: { pause: true, audit: true, notify: true, rollback: false },
  onRestart: { restore: true, audit: true, notify: true, compliance: true },
  cost: {
    auditCost: 500_000,
    executionCost: 1_000_000,
    complianceCost: 2_000_000,
    autoScale: false,
    budgetLimit: null,
    costAlert: false,
    personCost: 0,
    delayOnTimeout: 50,
    delayOnRestart: 30,
    delayOnRollback: 40,
  },
  onCostAlert: { scaleDown: false, audit: true, notify: true, pause: false },
  incidents: { denials: 5 },
  onIncident: { audit: true, notify: true, pause: false },
  scan: Object.fromEntries(SCANNED.map((what) => [what, 'off'])) as Governance['scan'],
  onReport: { summary: true, audit: true, compliance: true, financial: true },
  proof: Object.fromEntries(PROVEN_ACTS.map((act) => [act, ACTS[act].proof])) as Governance['proof'],
};
