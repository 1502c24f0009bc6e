/** Defaults and limits that are not the operator's to change in a profile. Bytes are UTF-8 of canonical JSON. */
export const LIMITS = {
  /** A tool's timeout when custody.yaml names none, in milliseconds. */
  toolTimeout: 60_000,
  /** Arguments of one call that stand in history. */
  argumentBytes: 64 * 1024,
  /** A result of one call that stands in history; a larger one is kept as hash, size and preview. */
  resultBytes: 64 * 1024,
  /** What a worker reads of one message of an MCP server before it gives up on it. */
  messageBytes: 10 * 1024 * 1024,
  /** What a server asks in one call, and the response to it. */
  askBytes: 16 * 1024,
  /** Arguments of all open calls of a session together. */
  openBytes: 384 * 1024,
  /** Open calls of a session. */
  openCalls: 1000,
  /** Calls whose answers are kept for a caller that repeats its call id. */
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
  /** All that a session carries into its next run, as far as the ledger of ended calls can give way. */
  carriedBytes: 512 * 1024,
  /** What is kept of that ledger in any case. */
  ledgerBytes: 128 * 1024,
  /**
   * What a session can carry without its ledger, before it takes no more calls. Temporal ends a session that carries 2
   * MB.
   */
  fullBytes: 1280 * 1024,
  /** Attempts of a call that may have been sent, and of one that could not be. */
  attempts: 3,
  /** Attempts of a call that never left; and of one whose worker has no slot free. */
  unsentAttempts: 20,
  busyAttempts: 100,
  /** Milliseconds that a tool may take beyond which a call of it does not hold up the next run of its session. */
  longCall: 5 * 60_000,
  /** Bytes of history after which a run makes place for the next in any case; Temporal ends one of 50 MB. */
  historyBytes: 20 * 1024 * 1024,
  /** Bytes of records that one workflow task writes. */
  recordsBytes: 512 * 1024,
  /** Refusals of one caller in a row, after which it has to wait before it is heard again. */
  refusalsInRow: 10,
  /** Approvals that a session asks at once, and that have ended and are still told of. */
  openApprovals: 100,
  endedApprovals: 50,
  /** Open incidents beyond which those of one cause are counted together, and closed ones that are told of. */
  openIncidents: 30,
  closedIncidents: 20,
  /** Checkpoints of a session. */
  checkpoints: 256,
  /** Tools that one server may list. */
  tools: 512,
  /** Tools of all servers of a session together. */
  sessionTools: 1024,
  /** The pins of all tools of a session together. */
  pinBytes: 256 * 1024,
  /**
   * What an agent may save of its own state, and how much of that a command and the session carry themselves.
   */
  agentStateBytes: 256 * 1024,
  inlineStateBytes: 1024,
  /** Data with a record of an agent. */
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
   * so.
   */
  eventsPerRun: 1500,
} as const;
