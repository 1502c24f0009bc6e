import { ApplicationFailure, type Info } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import { type Asker, ASKER, countsAnyway, unprovenIn } from '../../protocol/values/unproven.ts';
import { isObject } from '../../protocol/values/json.ts';

export interface AdmissionOptions {
  /** The worker has the deployment's key, and asks for its authentication. */
  readonly isKeyed: boolean;
  /** Id of the first run of the chain that a run is in. */
  readonly chainOf: (run: { readonly workflowId: string; readonly runId: string }) => Promise<string>;
}

/** Activities that read another session than the one that asks: a fork its parent. */
const READ_OTHERS: ReadonlySet<string> = new Set(['readParent']);

/**
 * Lets an activity run only for the session that asked for it: its input has to carry the deployment's authentication
 * for the workflow, name the activity and the run that scheduled it, and be about that session. Fails with
 * NOT_AUTHENTICATED before anything is done; a call with the outcome `not_sent`.
 */
export const admission =
  ({ isKeyed, chainOf }: AdmissionOptions): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const [given, ...others] = input.args;
        const why =
          aboutAnother(given, info) ??
          (isKeyed
            ? (unauthenticated([given, ...others], info) ?? (await ofAnother(given, info, chainOf)))
            : undefined);
        if (why !== undefined) throw notAdmitted(why, info);
        if (!isObject(given)) return next(input);
        const { [ASKER]: _, ...own } = given;
        return next({ ...input, args: [own, ...others] });
      },
    },
  });

function aboutAnother(given: unknown, { activityType, workflowExecution }: Info): string | undefined {
  if (!isObject(given) || given.sessionId === undefined || READ_OTHERS.has(activityType)) return undefined;
  return given.sessionId === workflowExecution?.workflowId
    ? undefined
    : 'it is about a session that is not the workflow which asks';
}

function unauthenticated(args: readonly unknown[], { scheduledTimestampMs }: Info): string | undefined {
  for (const given of args) {
    if (!isObject(given)) return 'it is no input that a session makes';
    const unproven = unprovenIn(given);
    if (unproven && !countsAnyway(unproven, scheduledTimestampMs)) return unproven.why;
  }
  return undefined;
}

async function ofAnother(
  given: unknown,
  { activityType, workflowExecution: run }: Info,
  chainOf: AdmissionOptions['chainOf'],
): Promise<string | undefined> {
  // It counts though nobody authenticated it: a session made it before its workers had a key.
  if (unprovenIn(given)) return undefined;
  const asker = isObject(given) ? (given[ASKER] as Asker | undefined) : undefined;
  if (!isObject(asker) || run === undefined) return 'it does not say who asks';
  if (asker.activity !== activityType) return `it was made for ${String(asker.activity).slice(0, 50)}`;
  if (asker.runId === run.runId || asker.chain === (await chainOf(run))) return undefined;
  return 'it was made for another run';
}

function notAdmitted(why: string, { activityType }: Info): ApplicationFailure {
  const message = `The worker did nothing: the input of ${activityType} is not the deployment's own, as ${why}.`;
  const outcome: AttemptOutcome = { kind: 'not_sent', code: 'NOT_AUTHENTICATED', message };
  return ApplicationFailure.create({
    message,
    type: 'NOT_AUTHENTICATED',
    nonRetryable: true,
    details: activityType === 'callTool' ? [outcome] : [],
  });
}
