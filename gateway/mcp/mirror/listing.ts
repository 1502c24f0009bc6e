import { randomUUID } from 'node:crypto';
import type { SessionHandle } from '../../../client/index.ts';
import type { ReadMethod } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';

/** Pages of one listing; a server that has more pages through without end. */
const MAX_PAGES = 100;

const MEMBERS = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'prompts/list': 'prompts',
} as const;
export type ListMethod = keyof typeof MEMBERS & ReadMethod;

/**
 * All that a server of a session lists under a method, page by page; each page is a call of the session, governed and
 * recorded. Null where the server does not know the method.
 *
 * @throws CustodyError
 */
export async function listAll(
  session: SessionHandle,
  server: string,
  method: ListMethod,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | null> {
  const items: JsonObject[] = [];
  let params: JsonObject = {};
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { result, error } = await session.request(server, method, params, {
      callId: `${method}/${randomUUID()}`,
      signal,
    });
    if (error?.rpc) return page === 0 ? null : items;
    if (error) throw new CustodyError(error.code, error.message);
    const raw = result && 'raw' in result && isObject(result.raw) ? result.raw : {};
    const listed = raw[MEMBERS[method]];
    if (Array.isArray(listed)) items.push(...listed.filter((item): item is JsonObject => isObject(item)));
    if (typeof raw.nextCursor !== 'string') return items;
    params = { cursor: raw.nextCursor };
  }
  return items;
}
