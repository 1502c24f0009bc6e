import type { AttemptOutcome, Intent } from '../../../protocol/calls/call.ts';
import { isObject } from '../../../protocol/values/json.ts';
import type { PlanStep } from '../../../protocol/spec.ts';
import type { EvidenceRecord } from '../../read/record.ts';
import type { ReadRun } from '../records.ts';

/** One attempt of a call, as the records of a session tell it. */
export interface AttemptStory {
  readonly run: string;
  readonly event: number;
  readonly n: number;
  readonly intent: Intent;
  /** The record of how it ended; null where there is none. */
  end: Extract<EvidenceRecord, { kind: 'outcome' }> | null;
  /** What its worker answered when it was asked; undefined where it was not. */
  recalled?: { readonly outcome: AttemptOutcome | null; readonly run: string };
}

export interface Doubt {
  readonly n: number;
  readonly run: string;
  /** How a person resolved it; null for the doubt itself. */
  readonly as: string | null;
}

/** A call, from being asked for to its end. */
export interface CallStory {
  readonly callId: string;
  /** Where it was asked for. */
  readonly asked: { readonly run: string; readonly event: number } | null;
  readonly attempts: AttemptStory[];
  /** Numbers of what else is on record of it, by kind. */
  readonly told: Map<string, number>;
  /** When it came into doubt, and what a person said of it then; in order. */
  readonly doubts: Doubt[];
  /** Where its caller was told that it is refused. */
  refused: { readonly run: string; readonly event: number } | null;
}

/** The calls of a session by their ids: those that were asked for, those of the plan, and those that undo others. */
export function storiesOf(runs: readonly ReadRun[]): ReadonlyMap<string, CallStory> {
  const stories = new Map<string, CallStory>();
  const storyOf = (callId: string, asked: CallStory['asked'] = null): CallStory => {
    const story = stories.get(callId) ?? { callId, asked, attempts: [], told: new Map(), doubts: [], refused: null };
    stories.set(callId, story);
    return story;
  };
  for (const record of runs.flatMap(({ records }) => records)) {
    if (record.kind === 'started') for (const callId of planned(record.data.input)) storyOf(callId);
    if (record.call === null) continue;
    const [run, event] = [record.run, record.events.at(-1) ?? 0];
    const story = storyOf(record.call, { run, event });
    if (record.kind === 'attempt')
      story.attempts.push({ run, event, n: record.n ?? 0, intent: record.data, end: null });
    else if (record.kind === 'outcome') {
      const attempt = story.attempts.find((each) => each.run === run && each.event === record.events[0]);
      if (attempt) attempt.end = record;
    } else if (record.kind === 'recall') {
      const attempt = story.attempts.findLast(({ intent }) => intent.attempt === record.data.attempt);
      if (attempt) attempt.recalled = { outcome: record.data.outcome ?? attempt.recalled?.outcome ?? null, run };
    } else if (record.kind === 'refused') story.refused = { run, event };
    else if (record.n !== null) {
      const { n, kind } = record;
      story.told.set(kind, n);
      if (kind === 'in-doubt' || kind === 'resolved')
        story.doubts.push({ n, run, as: kind === 'resolved' ? record.data.as : null });
    }
  }
  return stories;
}

/** Ids of the calls that a plan makes when it is done for the first time (session/plan/steps.ts). */
function planned(input: unknown): readonly string[] {
  const plan = isObject(input) && isObject(input.spec) ? input.spec.plan : undefined;
  if (!Array.isArray(plan)) return [];
  return (plan as readonly PlanStep[]).flatMap((step, index) => {
    if (!isObject(step)) return [];
    const group: unknown = 'parallel' in step ? step.parallel : undefined;
    const isGroup = Array.isArray(group);
    const members: readonly unknown[] = isGroup ? (group as readonly unknown[]) : [step];
    return members.flatMap((leaf, member) => {
      if (!isObject(leaf) || typeof leaf.call !== 'string') return [];
      const place = isGroup ? `${index + 1}.${member + 1}` : `${index + 1}`;
      return [`plan/${typeof leaf.as === 'string' ? leaf.as : place}`];
    });
  });
}
