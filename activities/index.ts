import { callTool } from './callTool.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeats } from './heartbeats.ts';
import { asFailure, openServer } from './openServer.ts';
import type { Json } from '../session/json.ts';
import type { UndoPage } from '../session/undo.ts';
import type { Activities } from './types.ts';

const fail = (error: unknown): never => {
  throw asFailure(error);
};

/** The activities of a worker. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    callTool: callTool(deps),
    openServer: openServer(deps),
    async loadProfile({ profile, overrides }) {
      try {
        const { governance, hash } = deps.config.governance(profile, overrides);
        return { governance, profileHash: hash };
      } catch (error) {
        throw asFailure(error);
      }
    },
    async readLastRun({ sessionId, runId }) {
      const beats = heartbeats(undefined);
      try {
        return await deps.runs.last(sessionId, runId);
      } catch (error) {
        throw asFailure(error);
      } finally {
        beats.stop();
      }
    },
    async recallOutcome({ sessionId, callId, attempt }) {
      const beats = heartbeats(undefined);
      try {
        return { outcome: await deps.outcomes.recall(sessionId, callId, attempt), worker: deps.worker };
      } finally {
        beats.stop();
      }
    },
    keepUndoPage: (page) => deps.payloads.put(page as unknown as Json).catch(fail),
    readUndoPage: ({ ref }) => deps.payloads.get(ref).then((page) => page as unknown as UndoPage, fail),
    closeSession: ({ sessionId }) => deps.connections.closeSession(sessionId),
  };
}
