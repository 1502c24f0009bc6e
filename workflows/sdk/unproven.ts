import { decode, encode } from '@temporalio/common/lib/encoding.js';
import type { Payload } from '@temporalio/common';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { countsAnyway, UNPROVEN, type Unproven } from '../../protocol/values/unproven.ts';

/** What is written in some bytes; undefined where there are none. */
export const textIn = (bytes: Uint8Array | null | undefined): string | undefined => (bytes ? decode(bytes) : undefined);

/** What the worker's codec says of a payload. */
export function unprovenOf(payload: Payload | null | undefined): Unproven | undefined {
  const mark = textIn(payload?.metadata?.[UNPROVEN]);
  return mark === undefined ? undefined : (JSON.parse(mark) as Unproven);
}

/**
 * Keeps what no worker of the deployment made from a session that asked for it. Anybody who reaches the namespace can
 * complete or fail an activity by its id, and say in its heartbeats what they like:
 *
 * - a result becomes a failure by the code NOT_AUTHENTICATED;
 * - of a failure the details are left out, so that an attempt ends without an outcome;
 * - a heartbeat says that the call may have been sent.
 *
 * Jobs change in place, before the workflow sees them, so that nothing comes to it later than it would without.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate(input, next) {
        const { jobs, timestamp } = input.activation;
        const now = Number(timestamp?.seconds ?? 0) * 1000;
        const isForeign = (payload: Payload | null | undefined): Unproven | undefined => {
          const mark = unprovenOf(payload);
          return mark && !countsAnyway(mark, now) ? mark : undefined;
        };
        for (const { resolveActivity } of jobs ?? []) {
          const result = resolveActivity?.result;
          const completed = result?.completed;
          // An activity of ours that returns nothing has a payload that says so.
          const foreign = completed && (completed.result ? isForeign(completed.result) : EMPTY);
          if (result && foreign) {
            result.completed = null;
            result.failed = { failure: notAuthenticated(foreign) };
          }
          for (let failure = result?.failed?.failure; failure; failure = failure.cause)
            leaveOut(failure, (payloads) => payloads.some((payload) => isForeign(payload) !== undefined));
        }
        next(input);
      },
    },
  ],
});

type Job = NonNullable<Parameters<Activate>[0]['activation']['jobs']>[number];
type Activate = NonNullable<NonNullable<ReturnType<WorkflowInterceptorsFactory>['internals']>[number]['activate']>;
type Failure = NonNullable<
  NonNullable<NonNullable<NonNullable<Job['resolveActivity']>['result']>['failed']>['failure']
>;

const EMPTY: Unproven = { why: 'it is no result' };

const notAuthenticated = ({ why }: Unproven): Failure => ({
  message: `What came as the result of an activity is not taken: ${why}.`,
  source: 'custody',
  applicationFailureInfo: { type: 'NOT_AUTHENTICATED', nonRetryable: true },
});

const MAYBE_SENT: Payload = { metadata: { encoding: encode('json/plain') }, data: encode('{"sending":true}') };

function leaveOut(
  { applicationFailureInfo: said, timeoutFailureInfo: silent, canceledFailureInfo: canceled }: Failure,
  isForeign: (payloads: readonly Payload[]) => boolean,
): void {
  if (said?.details && isForeign(said.details.payloads ?? [])) said.details = null;
  if (canceled?.details && isForeign(canceled.details.payloads ?? [])) canceled.details = null;
  if (silent?.lastHeartbeatDetails && isForeign(silent.lastHeartbeatDetails.payloads ?? []))
    silent.lastHeartbeatDetails = { payloads: [MAYBE_SENT] };
}
