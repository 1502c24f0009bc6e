/**
 * A governance profile after it was read, checked and completed with defaults: what a session obeys.
 * Durations are milliseconds, money is integer micro-USD.
 */
export interface Governance {
  readonly session: {
    /** From the start of the session to its deadline (T1). */
    readonly timeout: number;
    /** After the deadline, how long an extension may still be approved (T2). */
    readonly gracePeriod: number;
    /** How long before the deadline the warning is recorded (T2). */
    readonly warning: number;
    /** The sum of all extensions (T2). */
    readonly maxExtension: number;
    /** Without a call for this long the session times out; null is off (T3). */
    readonly idleTimeout: number | null;
    /** Whether time spent in PAUSED counts towards the deadline (T1). */
    readonly pausedTimeCounts: boolean;
    /** Resume by itself once the cause of a pause is gone: an approved extension (T3). */
    readonly autoResume: boolean;
    /** Always true: the history is the audit trail (A1). */
    readonly auditTrail: true;
    /** A session ends only after its own check found nothing open (P4). */
    readonly complianceCheck: boolean;
    /** Calls under way at once (T4). */
    readonly concurrency: number;
    /**
     * Calls that the session takes in all (T4). Sessions that 0.1.0 opened know no limits of calls, bytes and repeats:
     * the three are absent there.
     */
    readonly maxCalls: number;
    /** Bytes of the arguments and answers of all calls together (T4); null is off. */
    readonly maxBytes: number | null;
    /** Calls from outside in a row for one tool with the same arguments (T4). */
    readonly maxIdentical: number;
    /** Bytes of the arguments of one call (E5); the default where absent, as in sessions that 0.1.0 opened. */
    readonly maxArguments: number;
    /** Bytes of the result of one call, beyond which it is not kept (E5); the default where absent. */
    readonly maxResult: number;
    /**
     * An agent outside that gives no sign for so long is lost (L6); null is off, and so is absent, as 0.1.0 left it.
     * Milliseconds.
     */
    readonly agentHeartbeat: number | null;
    /** Calls that arrive during a pause (L4). */
    readonly whilePaused: 'wait' | 'refuse';
    /** Calls under way when a pause begins (L4). */
    readonly onPause: 'drain' | 'cancel';
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
    readonly costAlert: boolean;
  };
  readonly onCostAlert: {
    readonly scaleDown: boolean;
    readonly audit: boolean;
    readonly notify: boolean;
    readonly pause: boolean;
  };
  readonly onReport: {
    readonly summary: boolean;
    readonly audit: boolean;
    readonly compliance: boolean;
    readonly financial: boolean;
  };
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
    whilePaused: 'wait',
    onPause: 'drain',
  },
  onTimeout: { pause: true, audit: true, notify: true, rollback: false },
  onRestart: { restore: true, audit: true, notify: true, compliance: true },
  cost: {
    auditCost: 500_000,
    executionCost: 1_000_000,
    complianceCost: 2_000_000,
    autoScale: false,
    budgetLimit: null,
    costAlert: false,
  },
  onCostAlert: { scaleDown: false, audit: true, notify: true, pause: false },
  onReport: { summary: true, audit: true, compliance: true, financial: true },
};

/** Defaults and limits that are not the operator's to change in a profile. Bytes are UTF-8 of canonical JSON. */
export const LIMITS = {
  /** A tool's timeout when custody.yaml names none (T3), in milliseconds. */
  toolTimeout: MINUTE,
  /** Arguments of one call that stand in history (D13). */
  argumentBytes: 64 * 1024,
  /** A result of one call that stands in history; a larger one is kept as hash, size and preview (D13). */
  resultBytes: 64 * 1024,
  /** What a worker reads of one message of an MCP server before it gives up on it (E5). */
  messageBytes: 10 * 1024 * 1024,
  /** What a server asks in one call, and the response to it (E8). */
  askBytes: 16 * 1024,
  /** Arguments of all open calls of a session together. */
  openBytes: 384 * 1024,
  /** Open calls of a session. */
  openCalls: 1000,
  /** Calls whose answers are kept for a caller that repeats its call id (E4). */
  answers: 1000,
  /**
   * All kept answers together; beyond it the oldest are dropped earlier. More than the calls under way can bring at
   * once.
   */
  answerBytes: 1280 * 1024,
  /** The same for what a session carries into its next run. */
  carriedAnswerBytes: 192 * 1024,
  /** Entries of the undo log that a session carries into its next run; more go into a page outside history. */
  carriedUndoBytes: 32 * 1024,
  /** All that a session carries into its next run, as far as the ledger of ended calls can give way (D5). */
  carriedBytes: 512 * 1024,
  /** What is kept of that ledger in any case. */
  ledgerBytes: 128 * 1024,
  /**
   * What a session can carry without its ledger, before it takes no more calls. Temporal ends a session that carries 2
   * MB.
   */
  fullBytes: 1280 * 1024,
  /** Attempts of a call that may have been sent (E3), and of one that could not be. */
  attempts: 3,
  /** Checkpoints of a session. */
  checkpoints: 256,
  /** Tools that one server may list. */
  tools: 512,
  /** Tools of all servers of a session together. */
  sessionTools: 1024,
  /** The pins of all tools of a session together. */
  pinBytes: 256 * 1024,
  /**
   * What an agent may save of its own state (L10), and how much of that a command and the session carry themselves
   * (D13).
   */
  agentStateBytes: 256 * 1024,
  inlineStateBytes: 1024,
  /** Data with a record of an agent (E7). */
  recordBytes: 16 * 1024,
  /** A session spec, plan included. */
  specBytes: 256 * 1024,
  /** Calls at once that a profile may ask for. */
  concurrency: 16,
  /** Calls of a session, and identical ones in a row, that a profile may ask for. */
  calls: 50_000,
  identical: 10_000,
  /**
   * Events of one workflow run after which the session continues as new when idle, and at twice which it drains to do
   * so (D5).
   */
  eventsPerRun: 1500,
} as const;
