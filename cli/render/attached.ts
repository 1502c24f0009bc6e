import type { Attached } from '../../client/session/agents/attached.ts';
import { printableJson } from '../io/printable.ts';
import { bold } from './style.ts';
import { showSession } from './session/session.ts';

/** `custody attach` in words: the session, and what the agent saved. */
export const showAttached = ({ view, agentState, more }: Attached): string =>
  [
    showSession(view),
    ...(more.open > 0 ? [`${more.open} more calls are open.`] : []),
    `${bold('saved state')}\n${view.agentState === null ? 'none' : printableJson(agentState, 2)}`,
  ].join('\n\n');
