import { areFound, type Case, holds } from './cases.ts';
import { endOf, withRecords, withValue } from '../edit.ts';

const MONEY: readonly Case[] = [
  [
    'LEDGER',
    'an attempt took less long',
    'budget',
    (runs) => withValue(runs, endOf(runs, 'cheap'), (outcome) => (outcome.ms = 900)),
  ],
  [
    'LEDGER',
    'a price was changed',
    'budget',
    (runs) =>
      withValue(
        runs,
        (event) => Boolean(event.activityTaskCompletedEventAttributes),
        ({ money }) => (money.calls = { '*': { call: 1 } }),
      ),
  ],
  [
    'LEDGER',
    'an agent recorded less',
    'budget',
    (runs) =>
      withValue(
        runs,
        (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name === 'record',
        ({ usage }) => (usage.microUsd = 3),
      ),
  ],
  [
    'LEDGER',
    'a top-up was larger',
    'budget',
    (runs) =>
      withRecords(runs, 'topped-up', (records) =>
        records.map((each) =>
          each.kind === 'topped-up' ? { ...each, data: { ...each.data, microUsd: 20_000_000 } } : each,
        ),
      ),
  ],
  [
    'LEDGER',
    'a review was over earlier',
    'reviewed',
    (runs) => withRecords(runs, 'transition', (records) => records.map((each) => ({ ...each, at: each.at - 60_000 }))),
  ],
  [
    'LEDGER',
    'the last view says another sum',
    'shared-budget',
    (runs) =>
      withValue(runs, holds('workflowExecutionCompletedEventAttributes'), ({ money }) => (money.parts.calls += 1)),
  ],
];

areFound(MONEY);
