import { standingOf } from '../../protocol/identity/standing.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import type { Starter } from '../identity/state.ts';
import { labelsOf } from './labels.ts';
import { plain } from './markdown.ts';

const because = (reason: string): string => (reason === '' ? '' : `: ${plain(reason)}`);

/** How a session began, in Markdown for the Temporal UI. @param by who started it, where that is known */
export function beginningOf(spec: SessionSpec, by: Starter | undefined): string {
  const { agent, profile, servers } = spec;
  const labels = labelsOf(spec).map(plain);
  return [
    ...(by ? [`started by ${plain(by.actor)} (${standingOf(by.proven)})${because(by.reason)}`] : []),
    `agent ${plain(agent.id)} ${plain(agent.version)}, profile ${plain(profile)}`,
    `servers ${servers.map(plain).join(', ')}`,
    ...(labels.length > 0 ? [`labels ${labels.join(', ')}`] : []),
  ].join('  \n');
}
