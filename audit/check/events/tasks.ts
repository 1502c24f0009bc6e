import { type Finding, finding } from '../finding.ts';
import { ENDINGS, type Kind, type Typed } from './kinds.ts';

/** How a workflow task that was taken ends. */
const CLOSES: ReadonlySet<Kind> = new Set<Kind>([
  'workflowTaskCompleted',
  'workflowTaskFailed',
  'workflowTaskTimedOut',
]);

/** Commands of the task before, which call for nothing. */
const QUIET: ReadonlySet<Kind> = new Set<Kind>([
  'activityTaskScheduled',
  'activityTaskStarted',
  'activityTaskCancelRequested',
  'timerStarted',
  'timerCanceled',
  'markerRecorded',
  'signalExternalWorkflowExecutionInitiated',
  'upsertWorkflowSearchAttributes',
  'workflowPropertiesModified',
  'workflowExecutionUpdateAccepted',
  'workflowExecutionUpdateCompleted',
  'workflowExecutionOptionsUpdated',
]);

/** Do workflow tasks follow each other as Temporal makes them: scheduled, started, ended, and one at a time? */
export function checkTasks(run: string, events: readonly Typed[]): readonly Finding[] {
  const findings: Finding[] = [];
  let open: 'none' | 'scheduled' | 'started' = 'none';
  let completed = 0;
  let isCalled = true;
  const completions = nextOf(events, ({ kind }) => kind === 'workflowTaskCompleted').map((at) => at + 1);
  events.forEach((event, index) => {
    const { id, kind, attributes } = event;
    const wrong = (what: string) => findings.push(finding('TASK_CHAIN', { kind, what }, { run, events: [id] }));
    if (open === 'started' && !CLOSES.has(kind) && !ENDINGS.has(kind)) wrong('stands in a task that is under way');
    if (open === 'none' && kind !== 'workflowTaskScheduled' && needsTask(kind)) isCalled = true;
    if (attributes.workflowTaskCompletedEventId !== undefined && completed !== 0) {
      const by = Number(attributes.workflowTaskCompletedEventId);
      if (by !== completed && by !== 0) wrong('is a command of another task than the one before it');
    }
    if (kind === 'workflowTaskScheduled') {
      if (open !== 'none') wrong('is scheduled while another is open');
      if (!isCalled && !isForUpdate(events[completions[index] ?? -1]))
        findings.push(finding('TASK_UNCALLED', {}, { run, events: [id] }));
      open = 'scheduled';
    } else if (kind === 'workflowTaskStarted') open = 'started';
    else if (CLOSES.has(kind)) {
      open = 'none';
      isCalled = kind !== 'workflowTaskCompleted';
      if (kind === 'workflowTaskCompleted') completed = id;
    }
  });
  return [...findings, ...unserved(run, events)];
}

const needsTask = (kind: Kind): boolean => !QUIET.has(kind) && !CLOSES.has(kind) && kind !== 'workflowTaskStarted';

/**
 * An update stands in history only once it is accepted, by the task that was scheduled for it.
 * @param next what follows the end of that task
 */
const isForUpdate = (next: Typed | undefined): boolean =>
  next === undefined || next.kind === 'workflowExecutionUpdateAccepted';

/** For each event the place of the next one like this, itself included; the end where there is none. */
function nextOf(events: readonly Typed[], isLike: (event: Typed) => boolean): readonly number[] {
  const next = Array.from({ length: events.length }, () => events.length);
  for (let at = events.length - 1; at >= 0; at -= 1)
    next[at] = isLike(events[at]!) ? at : (next[at + 1] ?? events.length);
  return next;
}

/** Something happened, and Temporal made no workflow task for it though the run went on. */
function unserved(run: string, events: readonly Typed[]): readonly Finding[] {
  const wakes = ({ kind }: Typed): boolean =>
    needsTask(kind) && !ENDINGS.has(kind) && kind !== 'workflowTaskScheduled' && kind !== 'workflowExecutionStarted';
  const after = nextOf(events, (event) => !wakes(event));
  let isOpen = false;
  const findings: Finding[] = [];
  events.forEach((event, index) => {
    const { id, kind } = event;
    if (kind === 'workflowTaskScheduled') isOpen = true;
    if (CLOSES.has(kind)) isOpen = false;
    if (isOpen || !wakes(event)) return;
    const next = events[after[index] ?? -1];
    if (next && !SERVES.has(next.kind) && !ENDINGS.has(next.kind))
      findings.push(finding('TASK_CHAIN', { kind, what: 'has no task after it' }, { run, events: [id] }));
  });
  return findings;
}

const SERVES: ReadonlySet<Kind> = new Set<Kind>(['workflowTaskScheduled', 'activityTaskStarted']);
