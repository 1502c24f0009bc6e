import type { Notice } from '../protocol/notices/notice.ts';
import type { AuditRecord, RecordBody } from '../protocol/records.ts';
import type { Carried } from './capacity/carried.ts';
import type { Event } from './events.ts';
import type { Held } from './identity/held.ts';
import { tallied } from './reports/fold.ts';
import { withNotice } from './notices/unsent.ts';
import type { Session } from './session.ts';

/**
 * One run of a session's workflow: the session, and what the run itself has under way. Nothing but what `Carried` has
 * is carried on.
 */
export interface Run extends Carried {
  readonly limits: RunLimits;
  /** Attempts under way, those that are sought after a loss among them. */
  readonly attempts: number;
  /** They were told to end. */
  readonly isCancelled: boolean;
  /** The state for which the servers are being opened: what comes of it is of no meaning in another. */
  readonly opening: Session['state'] | null;
  /** Servers that are being opened again. */
  readonly reopened: readonly string[];
  /** A page of the undo log is being read or written. */
  readonly isPaging: boolean;
  /** Shared budgets that are being asked. */
  readonly drawing: readonly string[];
  /** The connections of a session that ended. */
  readonly closing: 'open' | 'under way' | 'closed';
  /** The next run is to begin as soon as nothing is under way. */
  readonly isDraining: boolean;
  /** Commands that wait for a proof, their own or that of one before them, in the order in which they came. */
  readonly held: readonly Held[];
  /** Number of the last of them. */
  readonly heldUpTo: number;
  /** Calls whose callers wait for an answer. */
  readonly waiting: readonly string[];
  /** Records that do not stand in history yet. */
  readonly unwritten: readonly AuditRecord[];
  /** Notices that nobody is known to deliver yet, the oldest first. */
  readonly unsent: readonly Notice[];
  /** So many of them, the oldest, are being passed on. */
  readonly beingPassed: number;
  /** The search attributes say what the session is. */
  readonly isShown: boolean;
  /** What happened by the last input. */
  readonly happened: readonly Event[];
  /** When the timer rings that is set. */
  readonly wakeAt: number | null;
}

export interface RunLimits {
  /** See LIMITS.eventsPerRun. */
  readonly eventsPerRun: number;
  /** See LIMITS.carriedUndoBytes. */
  readonly undoBytes: number;
}

/** What only the workflow knows of the history of its run. */
export interface HistoryFacts {
  readonly events: number;
  readonly bytes: number;
  /** The server says that it is time for another run. */
  readonly isLong: boolean;
  /** No handler of an update is at work any more. */
  readonly isQuiet: boolean;
}

export const newRun = ({ session, record, runs, chain, unsent = [] }: Carried, limits: RunLimits): Run => ({
  session,
  record,
  runs,
  chain,
  limits,
  attempts: 0,
  isCancelled: false,
  opening: null,
  reopened: [],
  isPaging: false,
  drawing: [],
  closing: 'open',
  isDraining: false,
  held: [],
  heldUpTo: 0,
  waiting: [],
  unwritten: [],
  unsent,
  beingPassed: 0,
  happened: [],
  isShown: false,
  wakeAt: null,
});

/** The run with a number used that stands elsewhere: in an intent, or in the answer to a command. */
export const numbered = (run: Run): Run => ({ ...run, record: run.record + 1 });

/** The run with a record to be written. */
export function noted(run: Run, body: RecordBody, now: number): Run {
  const n = run.record + 1;
  const record = { n, at: now, ...body };
  const unsent = withNotice(run.unsent, run.session, record);
  return {
    ...run,
    session: tallied(run.session, n, body),
    record: n,
    unwritten: [...run.unwritten, record],
    unsent,
  };
}
