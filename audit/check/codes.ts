/** What a finding means: the history is not what it was, a part of it is not there, or something is to be known. */
export type Severity = 'broken' | 'missing' | 'note';

/** Everything that a check can find, and how grave it is. */
export const CODES = {
  // Events
  /** Ids of events between two that stand beside each other are not there; or the first is not 1. */
  EVENT_GAP: 'missing',
  /** An event has the id of the one before it. */
  EVENT_REPEATED: 'broken',
  /** An event has an id below that of the one before it. */
  EVENT_MOVED: 'broken',
  /** An event is of no kind that a session has, or says that it is of another. */
  EVENT_KIND: 'broken',
  /** Temporal's own numbers of its tasks do not ascend: somebody gave events new ids. */
  TASK_ORDER: 'broken',
  /** An event is older than it can be where it stands. */
  TIME_BACKWARDS: 'broken',
  /** A run begins with something else than its start, or has another start in it. */
  RUN_BEGINNING: 'broken',
  /** Something follows the end of a run. */
  RUN_AFTER_END: 'broken',
  /** A run has no end, and nobody said that it is open. */
  RUN_OPEN: 'missing',
  /** The last run is open, as was said: what comes is not checked. */
  RUN_STILL_OPEN: 'note',
  /** An event refers to another that is not there, or is none that it can refer to. */
  REFERENCE: 'missing',
  /** Two events end the same thing. */
  REFERENCE_REPEATED: 'broken',
  /** A run ended by itself, and left an activity or a command without its end. */
  LEFT_OPEN: 'missing',
  /** Workflow tasks do not follow each other as Temporal makes them. */
  TASK_CHAIN: 'missing',
  /** Nothing on record called for a workflow task: a signal may have stood before it. */
  TASK_UNCALLED: 'note',
  /** Activities or timers do not have ascending numbers. */
  SEQUENCE: 'broken',
  /** Numbers of activities or timers are left out: what is cancelled before it is begun leaves no event. */
  SEQUENCE_GAP: 'note',
  // Runs
  /** A run that others name is not among those that were given. */
  RUN_MISSING: 'missing',
  /** Two runs do not say the same of how one follows the other. */
  RUN_LINK: 'broken',
  /** A run is of another session, or of no session. */
  RUN_FOREIGN: 'broken',
  /** What a reset copied is not what the run before it has. */
  RESET_COPY: 'broken',
  /** What a reset, or a recovery from before one, discarded. */
  DISCARDED: 'note',
  // Records
  /** What the session wrote as records cannot be read. */
  RECORD_UNREADABLE: 'broken',
  /** Numbers of records are not there. */
  NUMBER_GAP: 'missing',
  /** Two things have one number. */
  NUMBER_REPEATED: 'broken',
  /** Numbers that a run used up after the last that it wrote: it was ended from outside. */
  NUMBER_UNWRITTEN: 'note',
  /** What a run handed to the next says another last number than stands in its history. */
  NUMBER_CARRIED: 'broken',
  // Transitions
  /** The state machine has no such transition. */
  TRANSITION_ILLEGAL: 'broken',
  /** A transition begins in another state than the one before it ended in. */
  TRANSITION_GAP: 'missing',
  /** The workflow ended otherwise than the session says. */
  ENDING: 'broken',
  // Calls
  /** Attempts of a call are not numbered one after the other. */
  ATTEMPT_GAP: 'missing',
  /** An intent says another session than its history is of. */
  INTENT_FOREIGN: 'broken',
  /** The session has rules, and what they said of an attempt that was made is not on record. */
  DECISION_MISSING: 'missing',
  /** A worker answered for an attempt that no worker took. */
  DISPATCH_MISSING: 'missing',
  /** How an attempt ended is not on record. */
  OUTCOME_MISSING: 'missing',
  /** An attempt that may have been sent fell silent, and nothing says what became of it. */
  OUTCOME_UNSETTLED: 'missing',
  /** A call is under way, or waits. */
  CALL_OPEN: 'note',
  /** A call waits for a person to say how it ended. */
  CALL_IN_DOUBT: 'note',
  /** A call was refused. */
  CALL_REFUSED: 'note',
  /** Rules denied a call. */
  CALL_DENIED: 'note',
  /** A call was asked for, or stands in the plan, and was never begun. */
  CALL_NOT_BEGUN: 'note',
  // Money
  /** An amount on record is not what the records come to. */
  LEDGER: 'broken',
  /** What of the ledger could not be made again from the records. */
  LEDGER_NOT_CHECKED: 'note',
  // Proofs
  /** Something stands as proven, and no check of a signature on record is that proof. */
  PROOF_MISSING: 'missing',
  /** The hash of what was signed is not that of the command. */
  PROOF_DIGEST: 'broken',
  /** A worker took a signature that is not one of the key over what was signed. */
  SIGNATURE_INVALID: 'broken',
  /** A signature was not checked again: the list of principals of then was not given. */
  SIGNATURE_NOT_CHECKED: 'note',
  // Decisions
  /** The rules on record decide an attempt otherwise than is on record. */
  DECISION_DIFFERS: 'broken',
  /** An attempt could not be decided again. */
  DECISION_NOT_CHECKED: 'note',
  // The check itself
  /** The runs are of a workflow that is no session: of what a session has, nothing can be checked. */
  NO_SESSION: 'missing',
  /** A check could not be made: the history holds what no session writes. */
  CHECK_FAILED: 'broken',
  // Replay
  /** The workflow of this build does something else than the history says. */
  REPLAY_DIFFERS: 'broken',
  /** A run was not replayed. */
  REPLAY_NOT_CHECKED: 'note',
} as const satisfies { readonly [code: string]: Severity };

export type Code = keyof typeof CODES;
