import { lister } from '../temporal/lister.ts';
import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';
import type { ApprovalView } from '../../protocol/view.ts';
import { describeQuery, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import type { Context } from '../context.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { query } from '../temporal/query.ts';
import { quoted } from '../temporal/quoted.ts';

/** Sessions that are asked at once, and how long one may take to say what it asks, in milliseconds. */
const AT_ONCE = 10;
const WITHIN = 20_000;

/** Something that a session asks persons. */
export interface SessionApproval extends ApprovalView {
  readonly session: string;
}

/** What persons are asked by all sessions. */
export interface AllApprovals {
  /** Oldest first. */
  readonly approvals: readonly SessionApproval[];
  /** Sessions that ask something and do not say what: most often no worker of theirs runs. */
  readonly unanswered: readonly { readonly session: string; readonly code: ErrorCode; readonly message: string }[];
}

export interface ApprovalsOptions {
  /** Only what this client's actor can decide: what others asked for, and what it has not approved yet. */
  readonly mine?: boolean | undefined;
}

/**
 * What persons are asked now. The sessions are found by their search attribute, which is some moments behind; what they
 * ask they say themselves.
 */
export async function allApprovals(context: Context, { mine = false }: ApprovalsOptions): Promise<AllApprovals> {
  const left = await sessionsThatAsk(context);
  const approvals: SessionApproval[] = [];
  const unanswered: AllApprovals['unanswered'][number][] = [];
  const ask = async (): Promise<void> => {
    for (let session = left.shift(); session !== undefined; session = left.shift()) {
      const id = session;
      const signal = AbortSignal.timeout(WITHIN);
      try {
        const { approvals: asked } = await query({ ...context, signal }, id, describeQuery);
        approvals.push(...asked.map((each) => ({ ...each, session: id })));
      } catch (error) {
        const known = signal.aborted ? new CustodyError('NO_WORKER', LATE) : toCustodyError(error, id);
        if (!(known instanceof CustodyError)) throw known;
        if (known.code !== 'SESSION_NOT_FOUND')
          unanswered.push({ session: id, code: known.code, message: known.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const wanted = mine ? approvals.filter((each) => canDecide(each, context.actor)) : approvals;
  const byAge = (a: SessionApproval, b: SessionApproval): number =>
    a.openedAt.localeCompare(b.openedAt) ||
    a.session.localeCompare(b.session) ||
    a.id.localeCompare(b.id, 'en', { numeric: true });
  return { approvals: wanted.sort(byAge), unanswered: unanswered.sort((a, b) => a.session.localeCompare(b.session)) };
}

async function sessionsThatAsk({ client }: Context): Promise<string[]> {
  const found = new Set<string>();
  const asks = [
    `WorkflowType = ${quoted(WORKFLOW_TYPE)}`,
    `ExecutionStatus = 'Running'`,
    `${SEARCH_ATTRIBUTES.pending.name} = 'approve'`,
  ];
  try {
    for await (const { workflowId } of lister(client).list({ query: asks.join(' AND ') })) found.add(workflowId);
  } catch (error) {
    throw toCustodyError(error);
  }
  return [...found];
}

const LATE = `No worker answered for it within ${WITHIN / 1000} s.`;

/** Nobody approves what they asked for, nor twice. */
const canDecide = ({ requester, votes }: ApprovalView, who: string): boolean =>
  requester !== who && votes.every(({ actor, person }) => actor !== who && person !== who);
