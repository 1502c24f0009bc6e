import { settleApprovals } from './approvals/due.ts';
import { isSettled } from './budgets/settled.ts';
import { drawing } from './budgets/wanted.ts';
import { watchBudgets } from './budgets/watch.ts';
import { replyTo } from './calls/reply.ts';
import { dispatch } from './calls/attempts/dispatch.ts';
import type { Event } from './events.ts';
import { happen } from './happen.ts';
import { watchIncidents } from './incidents/watch.ts';
import { conclude } from './lifecycle/check.ts';
import { isEnded } from './lifecycle/states.ts';
import { plan } from './plan/steps.ts';
import type { HistoryFacts, Run } from './run.ts';
import { attempts, cancelling } from './calls/attempts/wanted.ts';
import { closing, mustDrain, writing } from './capacity/runs.ts';
import { opening } from './servers/openings.ts';
import { paging } from './undo/pages.ts';
import type { Session } from './session.ts';
import { watchMoney } from './money/watch.ts';
import { report } from './reports/report.ts';
import { watchReviews } from './reviews/due.ts';
import { nothing, type Step } from './step.ts';
import { shownOf } from './view/shown.ts';
import { tick } from './time/deadline.ts';
import { nextInstant } from './time/instants.ts';
import { passing } from './notices/pass.ts';
import { undo } from './undo/rollback.ts';

type Rule = (session: Session, now: number) => readonly Event[];

/** In the order in which they act; a run that is to make place for the next starts nothing more. */
const WATCHING: readonly Rule[] = [tick, watchMoney, watchBudgets, watchIncidents, settleApprovals, watchReviews];
const RULES: readonly Rule[] = [...WATCHING, conclude, undo, plan, dispatch, report];
const WHILE_DRAINING: readonly Rule[] = [...WATCHING, conclude, plan, report];

/** Does all that is due now, until nothing follows any more. */
export function turn(before: Run, history: HistoryFacts, now: number): Step {
  const { run, events } = work(before, history, now);
  // What happened stands in history before what follows from it.
  const wanted = [writing, passing, opening, paging, attempts(events), cancelling, drawing];
  const parts = [...wanted, answering, showing, closing, waking];
  const step = parts.reduce<Step>(
    ({ run: next, effects }, part) => {
      const more = part(next, now);
      return { run: more.run, effects: more.effects.length > 0 ? [...effects, ...more.effects] : effects };
    },
    { run, effects: [] },
  );
  return leaving(step, history);
}

function work(
  before: Run,
  history: HistoryFacts,
  now: number,
): { readonly run: Run; readonly events: readonly Event[] } {
  let run = before;
  const events: Event[] = [];
  for (let count = -1; count < events.length;) {
    count = events.length;
    if (!run.isDraining && mustDrain(run, history)) run = { ...run, isDraining: true };
    for (const rule of run.isDraining ? WHILE_DRAINING : RULES) {
      for (const event of rule(run.session, now)) {
        run = happen(run, event, now);
        events.push(event);
      }
    }
  }
  return { run, events };
}

/** Callers that need wait no more. */
function answering(run: Run): Step {
  const replies = run.waiting.flatMap((callId) => {
    const reply = replyTo(run, callId);
    return reply ? [{ callId, reply }] : [];
  });
  if (replies.length === 0) return nothing(run);
  const answered = new Set(replies.map(({ callId }) => callId));
  return {
    run: { ...run, waiting: run.waiting.filter((callId) => !answered.has(callId)) },
    effects: replies.map(({ callId, reply }) => ({ type: 'answer', callId, reply })),
  };
}

const showing = (run: Run): Step =>
  run.isShown
    ? nothing(run)
    : { run: { ...run, isShown: true }, effects: [{ type: 'show', shown: shownOf(run.session) }] };

/** Less than this is waited for at once, in milliseconds. */
const SOON = 60_000;

/** To set a timer anew for each call would cost more than to look a few times more often. */
const halfWay = (now: number, at: number): number => (at - now <= SOON ? at : now + Math.ceil((at - now) / 2));

/** One timer, for the next instant. One that rings too early costs less than one that is cancelled. */
function waking(run: Run, now: number): Step {
  const isDone = isEnded(run.session.state) || run.isDraining;
  const due = isDone ? undefined : nextInstant(run.session);
  if (!due || (run.wakeAt !== null && run.wakeAt <= due.at)) return nothing(run);
  const { what } = due;
  const at = due.comesNearer ? halfWay(now, due.at) : due.at;
  return { run: { ...run, wakeAt: at }, effects: [{ type: 'wake', at, what }] };
}

/** Is the run over, but for what is still under way? */
export const isLeaving = ({ session, isDraining }: Run): boolean => isEnded(session.state) || isDraining;

/** Continue-as-new, and the end, come with nothing in flight and no caller waiting. */
function leaving({ run, effects }: Step, { isQuiet }: HistoryFacts): Step {
  if (!mayLeave(run) || !isQuiet) return { run, effects };
  const how = isEnded(run.session.state) ? 'ended' : 'continue';
  return { run, effects: [...effects, { type: 'leave', how }] };
}

/** Is the run to be left as soon as no handler is at work any more? */
export function mayLeave(run: Run): boolean {
  if (!isLeaving(run) || run.waiting.length > 0 || run.unwritten.length > 0) return false;
  if (run.held.length > 0 || run.attempts > 0 || run.opening !== null || run.reopened.length > 0 || run.isPaging)
    return false;
  if (run.drawing.length > 0) return false;
  if (!isEnded(run.session.state)) return true;
  return isSettled(run.session) && run.closing === 'closed' && run.unsent.length === 0;
}
