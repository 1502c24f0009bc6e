import { expect, test } from 'vitest';
import type { Code } from '../../../../audit/check/codes.ts';
import type { GivenRun } from '../../../../audit/check/finding.ts';
import type { HistoryEvent } from '../../../../audit/history.ts';
import { renumbered } from '../mutations.ts';
import { check, codesIn, runsOf } from '../recorded.ts';

type Break = (runs: readonly GivenRun[]) => readonly GivenRun[];

/** A change to a recorded session, and the code by which it is found. */
export type Case = readonly [code: Code, what: string, session: string, breaks: Break];

/** Is it an event that holds this? */
export const holds =
  (name: keyof HistoryEvent) =>
  (event: HistoryEvent): boolean =>
    Boolean(event[name]);

/** The runs without such events, and with ids that fit. */
export const without = (runs: readonly GivenRun[], which: (event: HistoryEvent) => boolean): readonly GivenRun[] =>
  runs.map((run) => ({ ...run, events: renumbered(run.events.filter((event) => !which(event))) }));

/** The first run with other events. */
export const withEvents = (
  [run]: readonly GivenRun[],
  change: (events: readonly HistoryEvent[]) => readonly HistoryEvent[],
): readonly GivenRun[] => [{ ...run!, events: change(run!.events) }];

/** Each change is found by its code, which the session as recorded does not have. */
export const areFound = (cases: readonly Case[]): void =>
  test.each(cases)('A3: %s: %s (%s)', async (code, _, session, breaks) => {
    const runs = await runsOf(session);
    expect(codesIn(await check(runs))).not.toContain(code);
    expect(codesIn(await check(breaks(runs)))).toContain(code);
  });
