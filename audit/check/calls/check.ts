import { type DecidedAttempt, DecisionReader, wasDecided } from '../../decisions.ts';
import { type Checked, type Finding, finding } from '../finding.ts';
import type { ReadRun } from '../records.ts';
import { checkAttempts } from './attempts.ts';
import { type CallStory, storiesOf } from './stories.ts';

/** Has each call its intent, decision, dispatch and outcome; or what has it not? */
export function checkCalls(runs: readonly ReadRun[], session: string): Checked {
  const stories = [...storiesOf(runs).values()];
  const open = new Set(runs.filter((run) => !hasEnded(run)).map(({ runId }) => runId));
  const isWhole = runs[0]?.continues === null && runs[0].recovers === null;
  const findings = stories.flatMap((story) => [
    ...checkAttempts(story, (run) => open.has(run)),
    ...beginning(story, isWhole),
    ...foreign(story, session),
    ...standing(story, isWhole),
  ]);
  const attempts = stories.reduce((sum, story) => sum + story.attempts.length, 0);
  const decided = decisionsIn(runs);
  const missing = decided.attempts.filter(isUndecided).map(undecided);
  return {
    name: 'calls',
    counted: { calls: stories.length, attempts, decisions: decided.attempts.filter(({ decision }) => decision).length },
    findings: [...findings, ...missing],
  };
}

const hasEnded = ({ records, next }: ReadRun): boolean => next !== null || records.some(({ kind }) => kind === 'ended');

/** The attempts of a session with what rules said of them; what a reset copied stands in the run that it made. */
export function decisionsIn(runs: readonly ReadRun[]): DecisionReader {
  const reader = new DecisionReader();
  for (const { runId, events } of runs) for (const event of events) reader.read(runId, event);
  return reader;
}

function beginning({ callId, attempts }: CallStory, isWhole: boolean): readonly Finding[] {
  const [first] = attempts;
  if (!first || !isWhole || first.intent.attempt === 1) return [];
  const { run, event, n, intent } = first;
  return [
    finding('ATTEMPT_GAP', { callId, attempt: intent.attempt, before: 0 }, { run, events: [event], records: [n] }),
  ];
}

const foreign = ({ callId, attempts }: CallStory, session: string): readonly Finding[] =>
  attempts
    .filter(({ intent }) => intent.sessionId !== session)
    .map(({ intent, run, event, n }) =>
      finding('INTENT_FOREIGN', { callId, of: String(intent.sessionId) }, { run, events: [event], records: [n] }),
    );

/** Calls that did not simply come to their end are named. */
function standing({ callId, asked, attempts, told, refused }: CallStory, isWhole: boolean): readonly Finding[] {
  const last = attempts.at(-1);
  const place = last ? { run: last.run, events: [last.event], records: [last.n] } : placeOf(asked);
  const named = (code: 'CALL_IN_DOUBT' | 'CALL_DENIED' | 'CALL_REFUSED' | 'CALL_NOT_BEGUN') => [
    finding(code, { callId }, place),
  ];
  if ((told.get('in-doubt') ?? 0) > Math.max(told.get('resolved') ?? 0, last?.n ?? 0)) return named('CALL_IN_DOUBT');
  if (told.has('denied')) return named('CALL_DENIED');
  if (told.has('call-refused') || (refused && !last)) return named('CALL_REFUSED');
  return last || !isWhole ? [] : named('CALL_NOT_BEGUN');
}

const placeOf = (asked: CallStory['asked']) => (asked ? { run: asked.run, events: [asked.event] } : {});

const isUndecided = (attempt: DecidedAttempt): boolean => {
  const { intent, decision } = attempt;
  return intent.policy !== undefined && !intent.continues?.held && decision === null && wasDecided(attempt);
};

const undecided = ({ runId: run, eventId, intent }: DecidedAttempt): Finding =>
  finding('DECISION_MISSING', { callId: intent.callId, attempt: intent.attempt }, { run, events: [eventId] });
