import { type AgentLife, type AgentState, NO_USAGE, type Usage } from '../../protocol/agent.ts';

/** What the agents of a session told it. */
export interface Agents {
  /** What an agent saved of its own state; a checkpoint keeps it. */
  readonly agentState: AgentState | null;
  readonly agent: AgentLife;
  /** What agents recorded, in sum. */
  readonly usage: Usage;
  /**
   * Short digests of the last ids of commands that agents send all the time: apart from those of people, so that they
   * drive none of them out.
   */
  readonly agentCommands: readonly string[];
}

export const NO_AGENTS: Agents = {
  agentState: null,
  agent: { seenAt: null, lostAt: null },
  usage: NO_USAGE,
  agentCommands: [],
};
