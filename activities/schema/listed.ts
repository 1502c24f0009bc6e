import type { Intent } from '../../protocol/calls/call.ts';
import { type ListedNow, listedNow } from '../../protocol/incidents/listed.ts';
import type { Connection } from '../deps.ts';

/** What a server lists, where that is news to the session; undefined too where the session does not want to know. */
export async function newsOf(
  connection: Connection,
  { listings, method }: Pick<Intent, 'listings' | 'method'>,
): Promise<ListedNow | undefined> {
  if (!listings || method !== undefined) return undefined;
  const tools = await connection.tools();
  const now = known.get(tools) ?? listedNow(Object.fromEntries([...tools].map(([name, { hash }]) => [name, hash])));
  known.set(tools, now);
  return listings.includes(now.digest) ? undefined : now;
}

/** A listing is asked for at each call. */
const known = new WeakMap<object, ListedNow>();
