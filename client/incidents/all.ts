import type { IncidentView } from '../../protocol/incidents/incident.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { waitingFor } from '../approvals/all.ts';
import type { Context } from '../context.ts';
import { askAll, type Unanswering } from '../list/askAll.ts';
import { findingsOf } from '../list/findings.ts';
import { idsIn, type ListOptions } from '../list/list.ts';
import { describeSession } from '../session/describe.ts';

/** An incident of a session. */
export interface SessionIncident extends IncidentView {
  readonly session: string;
}

/** The incidents of sessions. */
export interface AllIncidents {
  /** Oldest first. */
  readonly incidents: readonly SessionIncident[];
  /** What was done to sessions in Temporal, past them, as their watcher noticed; nobody closes that. Oldest first. */
  readonly inTemporal: readonly Finding[];
  /** Sessions that did not say. */
  readonly unanswered: readonly Unanswering[];
}

export interface IncidentsOptions {
  /** Of these sessions; else of all that have open ones. */
  readonly sessions?: readonly string[] | undefined;
  /** The closed ones as well; where no session is named, of all sessions that `list` names, ended ones too. */
  readonly all?: boolean | undefined;
  readonly list?: ListOptions | undefined;
}

/**
 * What persons have to look at. The sessions are found by their search attribute, which is some moments behind; what
 * happened they say themselves.
 */
export async function allIncidents(context: Context, options: IncidentsOptions): Promise<AllIncidents> {
  const { sessions, all = false, list = {} } = options;
  const isNamed = sessions !== undefined && sessions.length > 0;
  const ids = isNamed ? sessions : await (all ? idsIn(context, list) : waitingFor(context, 'closeIncident'));
  const [{ answers, unanswered }, findings] = await Promise.all([
    askAll(ids, async (session): Promise<readonly SessionIncident[]> => {
      // An ended session may have been one of an earlier version.
      const { incidents = [] } = await describeSession(context, session);
      return incidents.map((each) => ({ ...each, session }));
    }),
    findingsOf(context.client, context.taskQueue),
  ]);
  const wanted = answers.flat().filter(({ closed }) => all || closed === null);
  return {
    incidents: wanted.toSorted((a, b) => a.openedAt.localeCompare(b.openedAt) || a.session.localeCompare(b.session)),
    inTemporal: isNamed ? findings.filter(({ id }) => sessions.includes(id)) : findings,
    unanswered: unanswered.toSorted((a, b) => a.session.localeCompare(b.session)),
  };
}
