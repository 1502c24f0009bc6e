import { CustodyError } from '../../protocol/errors.ts';
import { STATE_NAMES, type StateName } from '../../protocol/states.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { quoted } from '../temporal/quoted.ts';

/** Which sessions; all of it has to hold. */
export interface Filter {
  /** In capitals or not. */
  readonly state?: string | undefined;
  readonly agent?: string | undefined;
  /** Who started it. */
  readonly startedBy?: string | undefined;
  /** The one of this id. */
  readonly id?: string | undefined;
  readonly profile?: string | undefined;
  /** Has each of these. */
  readonly labels?: { readonly [name: string]: string } | undefined;
  /** Has a call in doubt. */
  readonly inDoubt?: boolean | undefined;
  /** Started then or later. */
  readonly since?: Date | undefined;
}

/**
 * What Temporal's visibility is asked for.
 *
 * @throws CustodyError USAGE for a state that there is not
 */
export function queryOf({ state, agent, startedBy, id, profile, labels = {}, inDoubt, since }: Filter): string {
  const name = state?.toUpperCase();
  if (name !== undefined && !STATE_NAMES.includes(name as StateName))
    throw new CustodyError('USAGE', `There is no state '${state}'; there are ${STATE_NAMES.join(', ')}.`);
  const has = (key: { readonly name: string }, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${key.name} = ${quoted(value)}`];
  return [
    `WorkflowType = ${quoted(WORKFLOW_TYPE)}`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...has(SEARCH_ATTRIBUTES.state, name),
    ...has(SEARCH_ATTRIBUTES.agent, agent),
    ...has(SEARCH_ATTRIBUTES.profile, profile),
    ...has(SEARCH_ATTRIBUTES.startedBy, startedBy),
    ...has({ name: 'WorkflowId' }, id),
    ...Object.entries(labels).flatMap(([label, value]) => has(SEARCH_ATTRIBUTES.labels, `${label}=${value}`)),
    ...(inDoubt ? [`${SEARCH_ATTRIBUTES.inDoubt.name} > 0`] : []),
    ...(since ? [`${SEARCH_ATTRIBUTES.startedAt.name} >= ${quoted(since.toISOString())}`] : []),
  ].join(' AND ');
}
