import { randomUUID } from 'node:crypto';
import type { SessionHandle } from '../../../client/index.ts';
import type { Offered, ReadMethod, ServerPin } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { problemOfPaging } from '../../../protocol/values/paging.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import type { Kind } from './fit.ts';

/** Pages of one listing after the first; a server that has more pages through without end. */
const MAX_PAGES = 100;

const MEMBERS = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'prompts/list': 'prompts',
} as const;
export type ListMethod = keyof typeof MEMBERS & ReadMethod;

/** What a method lists. */
export const KINDS = {
  'tools/list': 'tool',
  'prompts/list': 'prompt',
  'resources/list': 'resource',
  'resources/templates/list': 'resource template',
} as const satisfies { readonly [Method in ListMethod]: Kind };

const OFFERED = {
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resources',
} as const satisfies { readonly [Method in ListMethod]?: Offered };

/** A server that does not declare what is listed would refuse, and that would be a failed call on record. */
export const mayList = ({ offers }: ServerPin, method: ListMethod): boolean =>
  method === 'tools/list' || (offers?.includes(OFFERED[method]) ?? true);

/**
 * All that a server of a session lists under a method, page by page; each page is a call of the session, governed and
 * recorded. Null where the server does not know the method.
 *
 * @param remark hears why a listing is not whole
 * @throws CustodyError
 */
export async function listAll(
  session: SessionHandle,
  server: string,
  method: ListMethod,
  signal: AbortSignal,
  remark: (problem: string) => void,
): Promise<readonly JsonObject[] | null> {
  const items: JsonObject[] = [];
  const cursors = new Set<unknown>();
  for (let params: JsonObject = {}; ;) {
    const { result, error } = await session.request(server, method, params, {
      callId: `${method}/${randomUUID()}`,
      signal,
    });
    if (error?.rpc) return cursors.size === 0 ? null : items;
    if (error) throw new CustodyError(error.code, error.message);
    const raw = result && 'raw' in result && isObject(result.raw) ? result.raw : {};
    const listed = raw[MEMBERS[method]];
    if (Array.isArray(listed)) items.push(...listed.filter((item): item is JsonObject => isObject(item)));
    const { nextCursor: cursor } = raw;
    if (typeof cursor !== 'string') return items;
    const problem = problemOfPaging(cursor, cursors, MAX_PAGES);
    if (problem) {
      remark(`${method}: ${problem}; what it listed until then is shown.`);
      return items;
    }
    cursors.add(cursor);
    params = { cursor };
  }
}
