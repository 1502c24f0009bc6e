import { askAll, type Unanswering } from '../list/askAll.ts';
import { lister } from '../temporal/lister.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { ApprovalView, SessionView } from '../../protocol/view.ts';
import type { Pending } from '../../session/view/pending.ts';
import { describeQuery, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import type { Context } from '../context.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { query } from '../temporal/query.ts';
import { quoted } from '../temporal/quoted.ts';

/** How long a session may take to say what it asks, in milliseconds. */
const WITHIN = 20_000;

/** Something that a session asks persons. */
export interface SessionApproval extends ApprovalView {
  readonly session: string;
}

/** What persons are asked by all sessions. */
export interface AllApprovals {
  /** Oldest first. */
  readonly approvals: readonly SessionApproval[];
  /** Sessions that ask something and do not say what. */
  readonly unanswered: readonly Unanswering[];
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
  const { asked, unanswered } = await askedOf(await waitingFor(context, 'approve'), context, (view) => view.approvals);
  return { approvals: mine ? asked.filter((each) => canDecide(each, context.actor)) : asked, unanswered };
}

type Asked = Pick<ApprovalView, 'id' | 'openedAt'>;

/** What sessions ask persons, oldest first; those that do not say what are named. */
export async function askedOf<A extends Asked>(
  ids: readonly string[],
  context: Context,
  pick: (view: SessionView) => readonly A[],
): Promise<{
  readonly asked: readonly (A & { readonly session: string })[];
  readonly unanswered: readonly Unanswering[];
}> {
  const { answers, unanswered } = await askAll(ids, async (session) => {
    const signal = AbortSignal.timeout(WITHIN);
    try {
      const view = await query({ ...context, signal }, session, describeQuery);
      return pick(view).map((each) => ({ ...each, session }));
    } catch (error) {
      throw signal.aborted ? new CustodyError('NO_WORKER', LATE) : error;
    }
  });
  const byAge = (a: Asked & { readonly session: string }, b: typeof a): number =>
    a.openedAt.localeCompare(b.openedAt) ||
    a.session.localeCompare(b.session) ||
    a.id.localeCompare(b.id, 'en', { numeric: true });
  return {
    asked: answers.flat().sort(byAge),
    unanswered: unanswered
      .filter(({ code }) => code !== 'SESSION_NOT_FOUND')
      .toSorted((a, b) => a.session.localeCompare(b.session)),
  };
}

/** Sessions that wait for a command of a person. */
export async function waitingFor({ client }: Context, pending: Pending): Promise<string[]> {
  const found = new Set<string>();
  const asks = [
    `WorkflowType = ${quoted(WORKFLOW_TYPE)}`,
    `ExecutionStatus = 'Running'`,
    `${SEARCH_ATTRIBUTES.pending.name} = ${quoted(pending)}`,
  ];
  try {
    for await (const { workflowId } of lister(client).list({ query: asks.join(' AND ') })) found.add(workflowId);
  } catch (error) {
    throw toCustodyError(error);
  }
  return [...found];
}

const LATE = `No worker answered for it within ${WITHIN / 1000} s.`;

/** Nobody approves or reviews what they asked for, nor twice. */
export const canDecide = (
  { requester, votes }: { readonly requester: string; readonly votes: readonly Voter[] },
  who: string,
): boolean => requester !== who && votes.every(({ actor, person }) => actor !== who && person !== who);

type Voter = Pick<ApprovalView['votes'][number], 'actor' | 'person'>;
