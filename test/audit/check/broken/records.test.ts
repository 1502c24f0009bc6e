import { areFound, type Case, holds } from './cases.ts';
import { edited, withId, withRecords, withValue } from '../edit.ts';

const RECORDS: readonly Case[] = [
  [
    'RECORD_UNREADABLE',
    'the records of an event cannot be read',
    'plan',
    (runs) =>
      edited(
        runs,
        holds('workflowPropertiesModifiedEventAttributes'),
        (memo) =>
          (memo.upsertedMemo = { fields: { audit: { ...memo.upsertedMemo.fields.audit, data: new Uint8Array([1]) } } }),
      ),
  ],
  [
    'NUMBER_GAP',
    'a record was taken out',
    'plan',
    (runs) => withRecords(runs, 'governance', (records) => records.slice(1)),
  ],
  [
    'NUMBER_REPEATED',
    'a record stands twice',
    'plan',
    (runs) => withRecords(runs, 'governance', ([first, ...rest]) => [first!, first!, ...rest]),
  ],
  [
    'NUMBER_CARRIED',
    'a run was handed another number',
    'continue-as-new',
    (runs) => withValue(runs.slice().reverse(), withId(1), ({ carried }) => (carried.record -= 1)),
  ],
  [
    'TRANSITION_ILLEGAL',
    'a transition does not exist',
    'plan',
    (runs) =>
      withRecords(runs, 'transition', (records) =>
        records.map((each) => (each.kind === 'transition' ? { ...each, data: { ...each.data, to: 'TIMEOUT' } } : each)),
      ),
  ],
  [
    'TRANSITION_GAP',
    'a transition begins elsewhere',
    'pause-resume-calls',
    (runs) =>
      withRecords(runs, 'transition', (records) =>
        records.map((each) =>
          each.kind === 'transition' ? { ...each, data: { ...each.data, from: 'RUNNING', to: 'PAUSED' } } : each,
        ),
      ),
  ],
  [
    'ENDING',
    'the workflow says another end',
    'plan',
    (runs) => withValue(runs, holds('workflowExecutionCompletedEventAttributes'), (view) => (view.state = 'FAILED')),
  ],
];

areFound(RECORDS);
