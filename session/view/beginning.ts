import type { Starter } from '../../protocol/session-input.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import { labelsOf } from './labels.ts';
import { plain } from './markdown.ts';

/** What the Temporal UI shows of a session from its start on, whatever becomes of it, in Markdown. */
export function beginningOf(spec: SessionSpec, { actor, reason }: Starter): string {
  const { agent, profile, servers } = spec;
  const labels = labelsOf(spec).map(plain);
  return [
    `started by ${plain(actor)}${reason === '' ? '' : `: ${plain(reason)}`}`,
    `agent ${plain(agent.id)} ${plain(agent.version)}, profile ${plain(profile)}`,
    `servers ${servers.map(plain).join(', ')}`,
    ...(labels.length > 0 ? [`labels ${labels.join(', ')}`] : []),
  ].join('  \n');
}
