import type { MoneyView } from '../../protocol/money/view.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { Context } from '../context.ts';
import { describeSession } from '../session/describe.ts';
import { toCustodyError } from '../temporal/errors.ts';
import type { ListOptions } from './list.ts';
import { listSessions } from './list.ts';

/** Sessions that are asked at once. */
const AT_ONCE = 10;

/** What one session cost. */
export interface SessionCost extends Pick<SessionView, 'id' | 'state' | 'agent' | 'profile' | 'labels' | 'startedAt'> {
  /** Null in a session that is not open yet, or began before there were prices. */
  readonly money: MoneyView | null;
}

/** What sessions cost. */
export interface Costs {
  readonly sessions: readonly SessionCost[];
  /** Sessions that do not say it: most often no worker of theirs runs. */
  readonly unanswered: readonly { readonly session: string; readonly code: string; readonly message: string }[];
}

/** What some sessions cost, named or listed. */
export async function costsOf(context: Context, of: readonly string[] | ListOptions): Promise<Costs> {
  const left = Array.isArray(of) ? [...(of as readonly string[])] : await idsIn(context, of as ListOptions);
  const [sessions, unanswered]: [SessionCost[], Costs['unanswered'][number][]] = [[], []];
  const ask = async (): Promise<void> => {
    for (let session = left.shift(); session !== undefined; session = left.shift()) {
      try {
        const { id, state, agent, profile, labels, startedAt, money } = await describeSession(context, session);
        sessions.push({ id, state, agent, profile, labels, startedAt, money });
      } catch (error) {
        const known = toCustodyError(error, session);
        if (!(known instanceof CustodyError)) throw known;
        unanswered.push({ session, code: known.code, message: known.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return { sessions: sessions.sort((a, b) => a.startedAt.localeCompare(b.startedAt)), unanswered };
}

async function idsIn(context: Context, options: ListOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of listSessions(context, options)) ids.push(id);
  return ids;
}
