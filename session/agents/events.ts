import type { AgentRecord, AgentState, Usage } from '../../protocol/agent.ts';
import type { By } from '../../protocol/by.ts';

/** What agents outside do, and what becomes of them. */
export type AgentEvent =
  | { readonly type: 'attached'; readonly by: By; readonly at: number }
  | { readonly type: 'stateSaved'; readonly state: AgentState; readonly by: By }
  | {
      readonly type: 'recorded';
      readonly entry: AgentRecord;
      /** The sum of the session with it. */
      readonly usage: Usage;
      readonly by: By;
    }
  | { readonly type: 'agentSeen'; readonly at: number }
  | { readonly type: 'agentLost'; readonly at: number; readonly text: string }
  | { readonly type: 'agentBack'; readonly at: number; readonly by: string };
