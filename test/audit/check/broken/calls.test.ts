import { areFound, type Case, without } from './cases.ts';
import { attemptOf, endOf, withRecords, withValue } from '../edit.ts';

const CALLS: readonly Case[] = [
  [
    'ATTEMPT_GAP',
    'a call begins with its second attempt',
    'plan',
    (runs) => withValue(runs, attemptOf('plan/set'), (intent) => (intent.attempt = 2)),
  ],
  [
    'INTENT_FOREIGN',
    'an intent is of another session',
    'plan',
    (runs) => withValue(runs, attemptOf('plan/set'), (intent) => (intent.sessionId = 'other')),
  ],
  [
    'DECISION_MISSING',
    'what rules said is not in the outcome',
    'decided',
    (runs) => withValue(runs, endOf(runs, 'never'), (outcome) => delete outcome.decision),
  ],
  [
    'DISPATCH_MISSING',
    'nobody took a call that has an answer',
    'plan',
    (runs) => {
      const attempt = runs[0]!.events.find(attemptOf('plan/set'));
      return without(
        runs,
        (event) => String(event.activityTaskStartedEventAttributes?.scheduledEventId) === String(attempt?.eventId),
      );
    },
  ],
  ['OUTCOME_MISSING', 'an attempt has no outcome', 'plan', (runs) => without(runs, endOf(runs, 'plan/set'))],
  [
    'OUTCOME_UNSETTLED',
    'nothing says that a call came into doubt',
    'in-doubt-resolved',
    (runs) =>
      withRecords(
        withRecords(runs, 'in-doubt', (records) =>
          records.map((each) =>
            each.kind === 'in-doubt' ? { ...each, kind: 'asks', data: { ...each.data, messages: [] } } : each,
          ),
        ),
        'resolved',
        (records) =>
          records.map((each) =>
            each.kind === 'resolved' ? { ...each, kind: 'asks', data: { ...each.data, messages: [] } } : each,
          ),
      ),
  ],
];

areFound(CALLS);
