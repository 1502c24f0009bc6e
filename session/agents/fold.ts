import type { By } from '../../protocol/by.ts';
import type { Event } from '../events.ts';
import { commandKey, COMMANDS_KEPT } from '../lifecycle/fold.ts';
import type { Agents } from './state.ts';

/** What is known of agents after an event. */
export function foldAgents(agents: Agents, event: Event): Partial<Agents> | undefined {
  switch (event.type) {
    case 'attached':
      return withCommand(agents, 'attach', event.by);
    case 'stateSaved':
      return { ...withCommand(agents, 'saveState', event.by), agentState: event.state };
    case 'recorded':
      return { ...withCommand(agents, 'record', event.by), usage: event.usage };
    case 'agentSeen':
    case 'agentBack':
      return { agent: { seenAt: event.at, lostAt: null } };
    case 'agentLost':
      return { agent: { ...agents.agent, lostAt: event.at } };
    case 'rollbackEnded':
      return event.point ? { agentState: event.point.agentState } : undefined;
    default:
      return undefined;
  }
}

const withCommand = ({ agentCommands }: Agents, name: string, { commandId }: By): Partial<Agents> => ({
  agentCommands: [...agentCommands, commandKey(name, commandId)].slice(-COMMANDS_KEPT),
});
