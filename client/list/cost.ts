import type { MoneyView } from '../../protocol/money/view.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { Context } from '../context.ts';
import { describeSession } from '../session/describe.ts';
import { askAll, type Unanswering } from './askAll.ts';
import { idsIn, type ListOptions } from './list.ts';

/** What one session cost. */
export interface SessionCost extends Pick<SessionView, 'id' | 'state' | 'agent' | 'profile' | 'labels' | 'startedAt'> {
  /** Null in a session that is not open yet, or began before there were prices. */
  readonly money: MoneyView | null;
}

/** What sessions cost. */
export interface Costs {
  readonly sessions: readonly SessionCost[];
  readonly unanswered: readonly Unanswering[];
}

/** What some sessions cost, named or listed. */
export async function costsOf(context: Context, of: readonly string[] | ListOptions): Promise<Costs> {
  const ids = Array.isArray(of) ? (of as readonly string[]) : await idsIn(context, of as ListOptions);
  const { answers, unanswered } = await askAll(ids, async (session): Promise<SessionCost> => {
    const { id, state, agent, profile, labels, startedAt, money } = await describeSession(context, session);
    return { id, state, agent, profile, labels, startedAt, money };
  });
  return { sessions: answers.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)), unanswered };
}
