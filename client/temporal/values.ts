import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import { hashesIn } from '../../store/values.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { eventsOf } from './history.ts';
import { lister } from './lister.ts';
import { quoted } from './quoted.ts';

/** Whose histories are read: of one session, or of all but one. */
export type Whose = { readonly of: string } | { readonly but: string | undefined };

/**
 * The values, by their hashes, that sessions in Temporal may refer to: open ones, and those that are kept, in all runs.
 *
 * @param among hashes of values that there are
 * @throws CustodyError KEY_MISSING where what a session wrote cannot be opened; TEMPORAL_UNAVAILABLE
 */
export async function valuesNamed(client: Client, whose: Whose, among: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  const type = `WorkflowType = ${quoted(WORKFLOW_TYPE)}`;
  const query = 'of' in whose ? `${type} AND WorkflowId = ${quoted(whose.of)}` : type;
  for await (const { workflowId, runId } of lister(client).list({ query })) {
    if ('but' in whose && workflowId === whose.but) continue;
    try {
      for await (const event of eventsOf(client, workflowId, runId, false)) addFrom(event, among, found);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return found;
}

/** Deleted while others were read. */
const isGone = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || (error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND');

function addFrom(value: unknown, among: ReadonlySet<string>, found: Set<string>): void {
  if (value instanceof Uint8Array) {
    for (const hash of hashesIn(Buffer.from(value).toString('latin1'), among)) found.add(hash);
  } else if (Array.isArray(value) || isObject(value))
    for (const each of Object.values(value)) addFrom(each, among, found);
}
