import type { HistoryEvent } from '../../../../audit/history.ts';
import { areFound, type Case, holds, withEvents, without } from './cases.ts';
import { attemptOf, edited, withId } from '../edit.ts';
import { renumbered } from '../mutations.ts';

const NINTH = 8;

const EVENTS: readonly Case[] = [
  ['EVENT_GAP', 'an event is gone', 'plan', (runs) => withEvents(runs, (events) => events.toSpliced(NINTH, 1))],
  [
    'EVENT_REPEATED',
    'an event stands twice',
    'plan',
    (runs) => withEvents(runs, (events) => events.toSpliced(NINTH, 0, events[NINTH]!)),
  ],
  [
    'EVENT_MOVED',
    'an event was moved up',
    'plan',
    (runs) => withEvents(runs, (events) => events.toSpliced(NINTH, 1).toSpliced(3, 0, events[NINTH]!)),
  ],
  [
    'EVENT_KIND',
    'an event says that it is of another type',
    'plan',
    (runs) => edited(runs, withId(9), (_, event) => (event.eventType = 26)),
  ],
  [
    'EVENT_KIND',
    'an event holds nothing',
    'plan',
    (runs) =>
      withEvents(runs, (events) => events.with(NINTH, { eventId: 9, eventType: 77 } as unknown as HistoryEvent)),
  ],
  [
    'TASK_ORDER',
    'Temporal made an event before those before it',
    'plan',
    (runs) => edited(runs, withId(9), (_, event) => (event.taskId = 1)),
  ],
  [
    'TIME_BACKWARDS',
    'an event is an hour older than the one before',
    'plan',
    (runs) =>
      edited(runs, withId(11), (_, event) => (event.eventTime = { seconds: Number(event.eventTime.seconds) - 3600 })),
  ],
  [
    'RUN_BEGINNING',
    'the start is gone',
    'plan',
    (runs) => without(runs, holds('workflowExecutionStartedEventAttributes')),
  ],
  [
    'RUN_AFTER_END',
    'something follows the end',
    'plan',
    (runs) =>
      withEvents(runs, (events) =>
        [...events, events[1]!].map((event, index) => ({ ...event, eventId: index + 1 }) as unknown as HistoryEvent),
      ),
  ],
  ['RUN_OPEN', 'the end is gone', 'plan', (runs) => withEvents(runs, (events) => events.slice(0, -1))],
  [
    'REFERENCE',
    'an answer is of an activity that is none',
    'plan',
    (runs) => edited(runs, holds('activityTaskCompletedEventAttributes'), (done) => (done.scheduledEventId = 3)),
  ],
  [
    'REFERENCE',
    'an answer is of another command',
    'agents',
    (runs) =>
      edited(runs, holds('workflowExecutionUpdateCompletedEventAttributes'), (done) => (done.meta = { updateId: 'x' })),
  ],
  [
    'REFERENCE_REPEATED',
    'a timer ended twice',
    'agents',
    (runs) => edited(runs, holds('timerCanceledEventAttributes'), (gone) => (gone.startedEventId = 20)),
  ],
  [
    'LEFT_OPEN',
    'a command has no answer',
    'agents',
    (runs) => without(runs, holds('workflowExecutionUpdateCompletedEventAttributes')),
  ],
  [
    'TASK_CHAIN',
    'a task is scheduled while another is open',
    'plan',
    (runs) => withEvents(runs, (events) => renumbered(events.toSpliced(2, 0, events[1]!))),
  ],
  [
    'SEQUENCE',
    'two activities have one number',
    'plan',
    (runs) => edited(runs, attemptOf('plan/set'), (scheduled) => (scheduled.activityId = '1')),
  ],
];

areFound(EVENTS);
