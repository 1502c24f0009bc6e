import type { Json } from '../protocol/values/json.ts';
import type { UndoPage } from '../protocol/calls/undo.ts';
import { drawOnBudget } from './budgets/draw.ts';
import { callTool } from './callTool.ts';
import type { ActivityDeps } from './deps.ts';
import { beating } from './heartbeats/beating.ts';
import { evidenceActivities } from './evidence/index.ts';
import { proveActor } from './identity/prove.ts';
import { loadProfile } from './loadProfile.ts';
import { deliver } from './notices/deliver.ts';
import { openServer } from './openServer.ts';
import type { Activities } from './types.ts';

/** The activities of a worker. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    callTool: callTool(deps),
    openServer: openServer(deps),
    loadProfile: loadProfile(deps),
    proveActor: (check) => proveActor(deps, check),
    drawOnBudget: (input) => beating(() => drawOnBudget(deps, input)),
    readLastRun: ({ sessionId, runId }) => beating(() => deps.runs.last(sessionId, runId)),
    lookAround: ({ since, from }) => beating(() => deps.lookout.around(since, from)),
    whichAreGone: ({ runs, from }) => beating(() => deps.lookout.gone(runs, from)),
    readParent: ({ sessionId }) => beating(() => deps.runs.current(sessionId)),
    recallOutcome: (attempt) =>
      beating(async () => ({ outcome: await deps.outcomes.recall(attempt), worker: deps.worker })),
    keepUndoPage: (page) => beating(() => deps.payloads.put(page as unknown as Json)),
    readUndoPage: ({ ref }) => beating(async () => (await deps.payloads.get(ref)) as unknown as UndoPage),
    holdsLease: async ({ sessionId, server, lease }) => ({
      held: await deps.connections.holds(sessionId, server, lease),
      worker: deps.worker,
    }),
    passOn: ({ sessionId, about, notices }) => beating(() => deps.notices.pass(sessionId, about, notices)),
    deliver: deliver(deps),
    ...evidenceActivities(deps),
    closeSession: ({ sessionId }) => deps.connections.closeSession(sessionId),
  };
}
