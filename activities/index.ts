import { callTool } from './callTool.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeats } from './heartbeats.ts';
import { asFailure, openServer } from './openServer.ts';
import type { Activities } from './types.ts';

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
    async recallOutcome({ sessionId, callId, attempt }) {
      const beats = heartbeats(undefined);
      try {
        return { outcome: await deps.outcomes.recall(sessionId, callId, attempt), worker: deps.worker };
      } finally {
        beats.stop();
      }
    },
    closeSession: ({ sessionId }) => deps.connections.closeSession(sessionId),
  };
}
