import {
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  makeContinueAsNewFunc,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, LastRun } from '../activities/types.ts';
import type { SentProof } from '../protocol/identity/standing.ts';
import { UNDECODABLE } from '../protocol/commands.ts';
import { countsAnyway, unprovenIn } from '../protocol/values/unproven.ts';
import type { SessionView } from '../protocol/view.ts';
import { newSession, upgraded } from '../session/begin.ts';
import { type Carried, toCarry } from '../session/capacity/carried.ts';
import { forkOf } from '../session/lifecycle/fork.ts';
import { viewOf } from '../session/view/view.ts';
import { detailsOf } from '../session/view/details.ts';
import { refusalIn } from './effects/failures.ts';
import { HEARTBEAT_TIMEOUT } from './effects/limits.ts';
import { type TakenOverBy, whoTakesOver } from './beginning.ts';
import { registerHandlers } from './handlers.ts';
import { beginningIn, type ForkOf, problemOfInput, proofOf, type SessionInput } from '../protocol/session-input.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { isObject } from '../protocol/values/json.ts';
import { traceparentIn } from '../protocol/values/traceparent.ts';
import { forkedSignal } from './messages.ts';
import { registerRecovering } from './queries.ts';
import type { Resets } from './sdk/resets.ts';
import { SessionRun } from './run.ts';
import type { Details } from './sdk/details.ts';

/**
 * A session. Its workflow completes when the session does, and fails with the session's code when it ends as FAILED or
 * TIMEOUT, so that Temporal's own lists tell the two apart; the last `SessionView` is the result or the failure's
 * detail.
 */
export async function custodySession(
  given: SessionInput<Carried>,
  resets?: Resets,
  details?: Details,
): Promise<SessionView> {
  checkProof(given);
  const input = withAdded(given);
  check(input);
  const takesOver = 'recover' in input || 'fork' in input;
  if (takesOver) registerRecovering();
  const last = takesOver ? await lastRun(input) : undefined;
  const run = new SessionRun(begin(input, last), input.tuning ?? {});
  registerHandlers(run);
  if (last) takeOver(run, input, last);
  details?.from(() => detailsOf(run.state.session));
  resets?.listen(() => run.learn({ type: 'reset' }));
  const { runId } = workflowInfo();
  CancellationScope.current().cancelRequested.catch(() => run.learn({ type: 'cancelled', runId }));
  return CancellationScope.nonCancellable(async () => {
    const how = await run.work();
    if (how === 'ended') return end(run.state);
    const carried = toCarry(run.state);
    const next = makeContinueAsNewFunc<typeof custodySession>({});
    const tuning = input.tuning ? { tuning: input.tuning } : {};
    return next({ carried: { ...carried, runs: carried.runs + 1 }, ...tuning }) as never;
  });
}

/** A state that an earlier version carried has what this one needs; anything but a state is judged by `check`. */
const withAdded = (given: SessionInput<Carried>): SessionInput<Carried> =>
  isObject(given) && 'carried' in given && isObject(given.carried) && isObject(given.carried.session)
    ? { ...given, carried: { ...given.carried, session: upgraded(given.carried.session) } }
    : given;

function check(input: SessionInput): void {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const fresh = (spec: SessionSpec) => newSession(workflowId, spec, 0);
  const problem = problemOfInput(input, workflowId, continuedFromExecutionRunId === undefined ? undefined : fresh);
  if (problem === undefined) return;
  const message = `The session cannot start: ${problem}. Start it with the Custody client or CLI.`;
  throw ApplicationFailure.nonRetryable(message, 'SPEC_INVALID');
}

/** The run whose state this one takes over, and who has it do so. */
async function lastRun(input: SessionInput<Carried>): Promise<TakenOver> {
  const { runId, carried } = await otherRun(input);
  const session = upgraded(carried.session);
  return { runId, carried: { ...carried, session }, by: await whoTakesOver(input, session) };
}

function signatureOf(input: SessionInput): SentProof | undefined {
  const beginning = beginningIn(input);
  return beginning && proofOf(beginning);
}

type TakenOver = LastRun & { readonly by: TakenOverBy };

/**
 * What a run before hands over counts where a worker of the deployment made it, or not at all. What was made under a
 * key that this worker lacks waits for one that has it: the plain error fails the workflow task, and nothing else.
 *
 * @param input as it came: a copy says nothing of where it came from
 */
function checkProof(input: SessionInput): void {
  const { runStartTime, continuedFromExecutionRunId } = workflowInfo();
  const unproven = unprovenIn(input);
  if (!unproven || countsAnyway(unproven, runStartTime.getTime())) return;
  const isUnreadable = UNDECODABLE in input && unproven.missing !== undefined;
  if (!isUnreadable && !('carried' in input)) return;
  const message = `The session cannot start: its input does not count, as ${unproven.why}.`;
  if (unproven.missing !== undefined && continuedFromExecutionRunId !== undefined) throw new Error(message);
  throw ApplicationFailure.nonRetryable(message, isUnreadable ? 'KEY_MISSING' : 'NOT_AUTHENTICATED');
}

function begin(input: SessionInput<Carried>, last: TakenOver | undefined): Carried {
  const { workflowId, startTime, firstExecutionRunId: chain } = workflowInfo();
  if (last && 'fork' in input) {
    const { actor, reason, proven } = last.by;
    const by = { actor, reason, ...(proven ? { proven } : {}) };
    const forked = forkOf(last.carried.session, workflowId, { at: input.fork.at, by }, Date.now());
    if (!forked.ok) throw ApplicationFailure.nonRetryable(forked.refusal.message, forked.refusal.code);
    return { session: forked.session, record: 0, runs: 1, chain };
  }
  if (last) return { ...last.carried, runs: last.carried.runs + 1 };
  if ('carried' in input) return input.carried;
  if (!('spec' in input)) throw ApplicationFailure.nonRetryable('There is no run to go on from.', 'INTERNAL_ERROR');
  const { by } = input;
  const startedBy = by && { actor: by.actor, reason: by.reason };
  const traceparent = traceparentIn(input.traceparent);
  const session = newSession(workflowId, input.spec, startTime.getTime(), startedBy, signatureOf(input), traceparent);
  return { session, record: 0, runs: 1, chain };
}

/** The run whose state this one takes over, read by a worker: nobody else can say what it was. */
function otherRun(input: SessionInput<Carried>): Promise<LastRun> {
  const { workflowId, runId } = workflowInfo();
  const { readLastRun, readParent } = proxyActivities<Activities>({
    startToCloseTimeout: '2m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 5 },
    summary: 'fork' in input ? 'the parent' : 'the last good run',
  });
  const read = () =>
    'fork' in input ? readParent({ sessionId: input.fork.parent }) : readLastRun({ sessionId: workflowId, runId });
  return CancellationScope.nonCancellable(read).catch((error: unknown) => {
    throw ApplicationFailure.nonRetryable(refusalIn(error).message, refusalIn(error).code);
  });
}

/** Puts on record what the run goes on from. */
function takeOver(run: SessionRun, input: SessionInput<Carried>, { runId: from, by }: TakenOver): void {
  if ('recover' in input) run.learn({ type: 'recovered', from, ...by });
  if (!('fork' in input)) return;
  const { parent, at } = input.fork;
  const { signedAt: _, ...who } = by;
  const { agent, profile, servers } = run.state.session.spec;
  run.learn({ type: 'forked', parent, at, ...who, agent: `${agent.id}@${agent.version}`, profile, servers });
  tellParent(input.fork);
}

/** Best effort: a parent that has ended takes no more on record; the fork's own record has it in any case. */
function tellParent({ parent, at, by: { actor, reason } }: ForkOf): void {
  const fork = workflowInfo().workflowId;
  const signal = () => getExternalWorkflowHandle(parent).signal(forkedSignal, { fork, at, actor, reason });
  CancellationScope.nonCancellable(signal).catch(() => undefined);
}

function end({ session, runs }: Carried): SessionView {
  const { state } = session;
  const view = viewOf(session, runs, Date.now());
  if (state.name !== 'FAILED' && state.name !== 'TIMEOUT') return view;
  const { reason: message, code: type } = state;
  throw ApplicationFailure.create({ message, type, nonRetryable: true, details: [view] });
}
