import { isRepeatable } from '../../../protocol/calls/call.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { type Finding, finding } from '../finding.ts';
import type { AttemptStory, CallStory } from './stories.ts';

/** Does each attempt of a call have its intent, its dispatch and its outcome? @param isOpen the run, by its id */
export function checkAttempts(story: CallStory, isOpen: (run: string) => boolean): readonly Finding[] {
  return story.attempts.flatMap((attempt, index) => [
    ...inSequence(story, index),
    ...dispatched(story, attempt),
    ...settled(story, attempt, index, isOpen),
  ]);
}

function inSequence({ callId, attempts }: CallStory, index: number): readonly Finding[] {
  const { intent, run, event, n } = attempts[index]!;
  const before = attempts[index - 1]?.intent.attempt ?? intent.attempt - 1;
  const isNext = intent.attempt === before + 1;
  if (isNext) return [];
  const place = { run, events: [event], records: [n] };
  return [finding('ATTEMPT_GAP', { callId, attempt: intent.attempt, before }, place)];
}

/** What a worker said comes from one that took the attempt. */
function dispatched({ callId }: CallStory, { end, run, n, intent }: AttemptStory): readonly Finding[] {
  if (!end?.data.outcome || end.events.length >= 3) return [];
  const place = { run, events: end.events, records: [n] };
  return [finding('DISPATCH_MISSING', { callId, attempt: intent.attempt }, place)];
}

function settled(
  story: CallStory,
  attempt: AttemptStory,
  index: number,
  isOpen: (run: string) => boolean,
): readonly Finding[] {
  const { callId } = story;
  const { end, recalled, run, event, n, intent } = attempt;
  const data = { callId, attempt: intent.attempt };
  const place = { run, events: end?.events ?? [event], records: [n] };
  const isFollowed = story.attempts.length > index + 1 || toldAfter(story, n);
  if (!end) {
    if (recalled !== undefined || isFollowed) return [];
    return [finding(isOpen(run) ? 'CALL_OPEN' : 'OUTCOME_MISSING', data, place)];
  }
  const outcome = end.data.outcome ?? recalled?.outcome ?? null;
  if (isRepeatable(intent.effect) || isFollowed || !mayHaveBeenSent(attempt, outcome?.kind)) return [];
  return [finding(isOpen(run) ? 'CALL_OPEN' : 'OUTCOME_UNSETTLED', data, place)];
}

/** Sent, and no answer known: such a call is in doubt, and that stands on record. */
function mayHaveBeenSent({ end }: AttemptStory, kind: string | undefined): boolean {
  if (kind !== undefined) return kind === 'unknown';
  const { lost, mark } = end?.data ?? { lost: null, mark: null };
  return lost?.as === 'failed' || (isObject(mark) && mark.sending === true);
}

const toldAfter = ({ told }: CallStory, n: number): boolean =>
  ['in-doubt', 'attempt-repeated', 'resolved', 'call-refused'].some((kind) => (told.get(kind) ?? 0) > n);
