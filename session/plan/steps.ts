import type { Answer, CallRequest } from '../../protocol/calls/call.ts';
import { firstTextOf } from '../../protocol/calls/result.ts';
import type { Event } from '../events.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import type { Session } from '../session.ts';
import type { PlanProgress } from './state.ts';
import { CUSTODY } from '../../protocol/by.ts';
import type { PlanCall, PlanCheckpoint, PlanLeaf, PlanRollback, PlanStep } from '../../protocol/spec.ts';
import { START } from '../../protocol/fields.ts';
import { resolveArgs } from '../../protocol/values/references.ts';
import { namesUsedBy } from './names.ts';
import { call as decideCall } from '../calls/take.ts';
import { checkpointed, problemOf } from '../undo/checkpoints.ts';
import { move, pauseItself } from '../decision.ts';

/** The members of a step: itself, or those of its parallel group. */
const membersOf = (step: Exclude<PlanStep, PlanCheckpoint | PlanRollback>): readonly PlanLeaf[] =>
  'parallel' in step ? step.parallel : [step];

/**
 * Call ids of a plan are the same in every run: by name where a step has one, else by place; new ones where a rollback
 * has it done again.
 */
const callIdOf = (leaf: PlanCall, { cursor, round }: PlanProgress, member: number, grouped: boolean): string =>
  `plan${round > 1 ? `~${round}` : ''}/${leaf.as ?? (grouped ? `${cursor + 1}.${member + 1}` : `${cursor + 1}`)}`;

/** The next events of the plan; empty when it has to wait for a call, an instant, or the session. */
export function plan(session: Session, now: number): readonly Event[] {
  const { spec, state } = session;
  if (!session.plan || !spec.plan) return [];
  if (state.name !== 'RUNNING' || session.clock.graceUntil !== null)
    return state.name === 'PAUSED' ? takeResults(session, now) : [];
  const progress = session.plan;
  const step = spec.plan[progress.cursor];
  if (!step) {
    if (spec.keepOpen === true || session.open.length > 0) return [];
    return [
      move(
        state,
        { name: 'AUDIT', then: { name: 'COMPLETED', reason: 'the plan is done' } },
        CUSTODY,
        'the plan is done',
      ),
    ];
  }
  if ('checkpoint' in step) return checkpointStep(session, step.checkpoint, now);
  if ('rollback' in step) return rollbackStep(session, step.rollback, now);
  const members = membersOf(step);
  if (progress.done.length === members.length) return [{ type: 'planAdvanced' }];
  for (const [index, leaf] of members.entries()) {
    if (progress.done.includes(index)) continue;
    const events =
      'wait' in leaf ? wait(session, index, leaf.wait, now) : call(session, leaf, index, 'parallel' in step, now);
    if (events.length > 0) return events;
  }
  return [];
}

/**
 * Results that came in while the session is paused are kept with the plan: the ledger may give way before it goes on.
 */
function takeResults(session: Session, now: number): readonly Event[] {
  const { plan: progress, spec } = session;
  const step = progress && spec.plan?.[progress.cursor];
  if (!step || 'checkpoint' in step || 'rollback' in step) return [];
  return membersOf(step)
    .flatMap((leaf, member) => {
      if ('wait' in leaf || leaf.as === undefined || progress.done.includes(member)) return [];
      const callId = callIdOf(leaf, progress, member, 'parallel' in step);
      const answer = session.ended.findLast((each) => each.callId === callId)?.answer;
      return answer?.outcome === 'succeeded'
        ? memberEnded(session, leaf, member, answer, now).filter(({ type }) => type === 'planMemberDone')
        : [];
    })
    .slice(0, 1);
}

const agentOf = ({ spec: { agent } }: Session): string => `${agent.id}@${agent.version}`;

function checkpointStep(session: Session, name: string, now: number): readonly Event[] {
  const problem = problemOf(session, name);
  if (problem) return planFails(session, 'PLAN_STEP_FAILED', problem.message);
  return [
    checkpointed(session, name, { actor: agentOf(session), reason: 'plan', commandId: '' }, now, 1),
    { type: 'planAdvanced' },
  ];
}

function rollbackStep(session: Session, name: string, now: number): readonly Event[] {
  const { state } = session;
  if (state.name !== 'RUNNING') return [];
  const to = name === START ? null : name;
  if (to !== null && !session.checkpoints.some((each) => each.name === to))
    return planFails(session, 'PLAN_STEP_FAILED', `there is no checkpoint '${to}'`);
  const reason = `step ${(session.plan?.cursor ?? 0) + 1} of the plan`;
  // Advanced first: where the plan is not set back, it goes on behind this step.
  return [
    { type: 'planAdvanced' },
    move(state, { name: 'ROLLBACK', to, reason, by: agentOf(session), since: now }, agentOf(session), reason),
  ];
}

function planFails(session: Session, code: 'PLAN_STEP_FAILED', problem: string): readonly Event[] {
  const { state, plan: progress } = session;
  if (state.name !== 'RUNNING' || !progress) return [];
  const reason = `step ${progress.cursor + 1} of the plan: ${problem}`;
  return [move(state, { name: 'AUDIT', then: { name: 'FAILED', code, reason } }, CUSTODY, reason)];
}

function wait(session: Session, member: number, ms: number, now: number): readonly Event[] {
  const until = session.plan?.waits[member];
  if (until === undefined) return [{ type: 'planWaits', member, until: now + ms }];
  return until <= now ? [{ type: 'planMemberDone', member }] : [];
}

function call(session: Session, leaf: PlanCall, member: number, grouped: boolean, now: number): readonly Event[] {
  const { state } = session;
  const progress = session.plan;
  if (!progress || state.name !== 'RUNNING') return [];
  const callId = callIdOf(leaf, progress, member, grouped);
  if (session.open.some((each) => each.callId === callId)) return [];
  const ended = session.ended.findLast((each) => each.callId === callId);
  if (ended)
    return memberEnded(
      session,
      leaf,
      member,
      ended.answer ?? { callId, outcome: ended.outcome, attempts: ended.attempts },
      now,
    );

  const resolved = resolveArgs(leaf.args ?? {}, progress.results);
  if (!resolved.ok) return stepFailed(session, leaf, member, 'PLAN_REFERENCE_MISSING', resolved.problem, now);
  const dot = leaf.call.indexOf('.');
  const request: CallRequest = {
    callId,
    server: leaf.call.slice(0, dot),
    tool: leaf.call.slice(dot + 1),
    args: resolved.args,
    ...(leaf.argsRef ? { argsRef: leaf.argsRef } : {}),
  };
  const by = { actor: agentOf(session), reason: 'plan', commandId: callId };
  const decision = decideCall(session, { type: 'call', by, request }, now);
  if (decision.ok || (decision.events ?? []).length > 0) return decision.events ?? [];
  return decision.refusal.code === 'BACKLOG_FULL'
    ? []
    : stepFailed(session, leaf, member, 'PLAN_STEP_FAILED', `${leaf.call}: ${decision.refusal.message}`, now);
}

function memberEnded(session: Session, leaf: PlanCall, member: number, answer: Answer, now: number): readonly Event[] {
  if (answer.outcome !== 'succeeded')
    return stepFailed(
      session,
      leaf,
      member,
      'PLAN_STEP_FAILED',
      `${leaf.call} (${answer.callId}) ended as ${answer.outcome}${detail(answer)}`,
      now,
    );
  if (leaf.as === undefined || !namesUsedBy(session.spec.plan ?? []).has(leaf.as))
    return [{ type: 'planMemberDone', member }];
  const kept = Object.values(session.plan?.results ?? {}).reduce<number>(
    (sum, result) => sum + byteLength(JSON.stringify(result)),
    0,
  );
  const size = byteLength(JSON.stringify(answer.result ?? null));
  if (kept + size > LIMITS.carriedAnswerBytes) {
    return stepFailed(
      session,
      leaf,
      member,
      'RESULT_TOO_LARGE',
      `The results that later steps refer to exceed ${LIMITS.carriedAnswerBytes} bytes with ${leaf.as}.`,
      now,
    );
  }
  return [{ type: 'planMemberDone', member, as: leaf.as, result: answer.result ?? null }];
}

function stepFailed(
  session: Session,
  leaf: PlanCall,
  member: number,
  code: 'PLAN_STEP_FAILED' | 'PLAN_REFERENCE_MISSING' | 'RESULT_TOO_LARGE',
  problem: string,
  now: number,
): readonly Event[] {
  const { state, plan: progress } = session;
  if (state.name !== 'RUNNING' || !progress) return [];
  const reason = `step ${progress.cursor + 1} of the plan: ${problem}`;
  const done: Event =
    leaf.as === undefined
      ? { type: 'planMemberDone', member }
      : { type: 'planMemberDone', member, as: leaf.as, result: null };
  switch (leaf.onError ?? 'fail') {
    case 'continue':
      return [done];
    case 'pause':
      return [done, pauseItself(state, 'review', reason, now)];
    case 'rollback':
      return [done, move(state, { name: 'ROLLBACK', to: null, reason, by: CUSTODY, since: now }, CUSTODY, reason)];
    default:
      return [move(state, { name: 'AUDIT', then: { name: 'FAILED', code, reason } }, CUSTODY, reason)];
  }
}

function detail(answer: Answer): string {
  if (answer.error) return `: ${answer.error.message}`;
  const first = firstTextOf(answer.result);
  return first === undefined ? '' : `: ${first.slice(0, 200)}`;
}
