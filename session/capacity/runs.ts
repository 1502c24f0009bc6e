import { LIMITS } from '../../protocol/limits.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { isRunning } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import type { Effect } from '../effects.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { HistoryFacts, Run } from '../run.ts';
import { nothing, type Step } from '../step.ts';

/** Times the soft limit: a run of so many events drains, whatever it waits for. */
const HARD = 10;

/**
 * Is it time for another run? Where nothing is under way, after the soft limit of events; else after twice that, and
 * then the run starts nothing more until the calls under way have ended. A call that may take long holds up all others
 * only when the run has come near the size that Temporal allows.
 */
export function mustDrain(run: Run, { events, bytes, isLong }: HistoryFacts): boolean {
  const { session, limits, opening, reopened } = run;
  const soft = limits.eventsPerRun;
  const running = session.open.filter(isRunning);
  if (events >= soft && running.length === 0 && opening === null && reopened.length === 0) return true;
  if (events >= HARD * soft || bytes >= LIMITS.historyBytes) return true;
  if (!isLong && events < 2 * soft) return false;
  return !running.some((call) => (termsOf(session, call)?.timeout ?? 0) > LIMITS.longCall);
}

/** Closes what workers hold for a session that has ended, once nothing is under way. */
export function closing(run: Run): Step {
  const { session } = run;
  const isBusy = run.attempts > 0 || run.opening !== null || run.reopened.length > 0;
  if (!isEnded(session.state) || run.closing !== 'open' || isBusy) return nothing(run);
  const workers = Object.keys(session.workers).filter(
    (name) => !session.goneBoots.includes(session.workers[name] ?? ''),
  );
  if (workers.length === 0) return { run: { ...run, closing: 'closed' }, effects: [] };
  return { run: { ...run, closing: 'under way' }, effects: [{ type: 'close', workers }] };
}

/**
 * Writes what is on record, at most so many bytes at once: the server ends a session that writes more than 2 MB in a
 * task.
 */
export function writing(run: Run, now: number): Step {
  const { unwritten } = run;
  if (unwritten.length === 0) return nothing(run);
  let [count, bytes] = [0, 0];
  while (count < unwritten.length && bytes < LIMITS.recordsBytes)
    bytes += byteLength(JSON.stringify(unwritten[count++]));
  const rest = unwritten.slice(count);
  const write: Effect = { type: 'write', records: unwritten.slice(0, count) };
  if (rest.length === 0) return { run: { ...run, unwritten: rest }, effects: [write] };
  const wake: Effect = { type: 'wake', at: now + 1, what: 'more records' };
  return { run: { ...run, unwritten: rest, wakeAt: now + 1 }, effects: [write, wake] };
}
