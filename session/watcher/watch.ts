/**
 * What the watcher knows of the runs of sessions, and what it found. Pure: the watcher's workflow folds what its
 * activities saw.
 */

/** A run as visibility lists it. */
export interface SeenRun {
  readonly id: string;
  readonly runId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly closedAt: number | null;
  readonly how: 'open' | 'continued' | 'ended' | 'terminated' | 'timed-out' | 'cancelled';
  /** Of a run that was cut off: what its last event says. Of one that came from a reset: why it was reset. */
  readonly by?: string;
  readonly reason?: string;
  /** Temporal began it anew from an earlier point of another run, or ended it to do so. */
  readonly isReset?: true;
}

/**
 * What one look around saw: the runs that began or closed since the last, and how many there are in all since
 * `WatchState.from`.
 */
export interface Seen {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly runs: readonly SeenRun[];
  readonly count: number;
}

export const FINDINGS = ['terminated', 'timed-out', 'cancelled', 'reset', 'deleted'] as const;

/** Something that was done to a session in Temporal, past the session. */
export interface Finding {
  readonly n: number;
  readonly what: (typeof FINDINGS)[number];
  readonly id: string;
  readonly runId: string;
  /** When it was noticed, and when it happened where that is known. Epoch milliseconds. */
  readonly at: number;
  readonly since: number | null;
  /** Who: what their client called itself. Null where Temporal does not say. */
  readonly by: string | null;
  readonly reason: string;
}

export interface KnownRun {
  readonly id: string;
  readonly startedAt: number;
  readonly closedAt: number | null;
}

export interface WatchState {
  /** Instant of the last look, epoch milliseconds; 0 before the first. */
  readonly since: number;
  /** Runs by run id, without those that were continued. */
  readonly known: { readonly [runId: string]: KnownRun };
  /** How often in a row fewer runs were counted than are known: visibility is some moments behind. */
  readonly misses: number;
  readonly findings: readonly Finding[];
  /** Number of the last finding. */
  readonly last: number;
}

export const WATCH = {
  /** Runs that are known, the newest: a deletion of an older one is not noticed. */
  runs: 5000,
  findings: 1000,
  /** Findings that the memo of the watcher shows. */
  shown: 100,
  /** A deletion is looked into when so many looks in a row miss something. */
  misses: 2,
} as const;

export const NEW_WATCH: WatchState = { since: 0, known: {}, misses: 0, findings: [], last: 0 };

/** The oldest start among the known runs: from there on all are known. */
export const knownFrom = ({ known }: WatchState): number =>
  Object.values(known).reduce((least, { startedAt }) => Math.min(least, startedAt), Number.MAX_SAFE_INTEGER);

/** Takes in what a look around saw. */
export function look(watch: WatchState, { at, runs, count }: Seen): WatchState {
  const known = { ...watch.known };
  let next = watch;
  for (const run of runs) {
    if (isFinding(run) && !next.findings.some((each) => each.runId === run.runId && each.what === findingOf(run)))
      next = withFinding(
        next,
        {
          what: findingOf(run),
          id: run.id,
          runId: run.runId,
          since: run.closedAt ?? run.startedAt,
          by: run.by ?? null,
          reason: run.reason ?? '',
        },
        at,
      );
    if (run.how === 'continued') delete known[run.runId];
    else known[run.runId] = { id: run.id, startedAt: run.startedAt, closedAt: run.closedAt };
  }
  const kept = newest(known);
  // What was counted before this look is compared with what was known before it: the count goes from the oldest of
  // those.
  const missing = watch.since > 0 && count < Object.keys(known).length;
  return { ...next, known: kept, since: at, misses: missing ? watch.misses + 1 : 0 };
}

/** Is it time to see which of the known runs are gone? */
export const mustSearch = ({ misses }: WatchState): boolean => misses >= WATCH.misses;

/** Takes in which runs are gone, before or after their retention was over. */
export function forget(
  watch: WatchState,
  gone: readonly { readonly runId: string; readonly expired: boolean }[],
  at: number,
): WatchState {
  const known = { ...watch.known };
  let next: WatchState = { ...watch, misses: 0 };
  for (const { runId, expired } of gone) {
    const run = known[runId];
    delete known[runId];
    if (run && !expired)
      next = withFinding(
        next,
        {
          what: 'deleted',
          id: run.id,
          runId,
          since: null,
          by: null,
          reason: run.closedAt === null ? 'while it was open' : 'after it had closed',
        },
        at,
      );
  }
  return { ...next, known };
}

/** A finding in words. */
export const findingText = ({ what, id, by, reason }: Finding): string =>
  `${id} was ${what} in Temporal${by === null ? '' : ` by ${by}`}${reason === '' ? '' : `: ${reason}`}`;

const isFinding = ({ how, isReset }: SeenRun): boolean =>
  isReset === true || how === 'terminated' || how === 'timed-out' || how === 'cancelled';
const findingOf = ({ how, isReset }: SeenRun): Finding['what'] =>
  isReset || how === 'open' || how === 'ended' || how === 'continued' ? 'reset' : how;

const withFinding = (watch: WatchState, finding: Omit<Finding, 'n' | 'at'>, at: number): WatchState => ({
  ...watch,
  last: watch.last + 1,
  findings: [...watch.findings, { n: watch.last + 1, at, ...finding }].slice(-WATCH.findings),
});

function newest(known: WatchState['known']): WatchState['known'] {
  const runs = Object.entries(known);
  if (runs.length <= WATCH.runs) return known;
  return Object.fromEntries(runs.sort(([, a], [, b]) => b.startedAt - a.startedAt).slice(0, WATCH.runs));
}
