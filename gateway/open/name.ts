import { CALL_ID_FORM } from '../../protocol/calls/call.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { principalOf } from '../../protocol/identity/principal.ts';
import { sha256Hex } from '../../protocol/values/digest.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { Caller } from '../auth/caller.ts';

/** The name in `_meta` by which a client tells the sessions apart that it has of one agent, and the header for it. */
export const SESSION = 'io.custody/session';
export const SESSION_HEADER = 'custody-session';

/** The id of a caller's session of an agent. Only that subject of that issuer gets to it. */
export const sessionIdOf = ({ issuer, subject }: Caller, agent: string, name: string): string =>
  `${agent}-${sha256Hex(JSON.stringify([principalOf(issuer, subject), agent, name])).slice(0, 32)}`;

/**
 * Which of its sessions of an agent a request is for; '' where it says nothing.
 *
 * @param value a message
 * @throws CustodyError REQUEST_REFUSED
 */
export function sessionNameIn(value: unknown, headers: Headers): string {
  const header = headers.get(SESSION_HEADER) ?? undefined;
  const said = metaIn(value)[SESSION] ?? header ?? '';
  const isName = said === '' || (typeof said === 'string' && CALL_ID_FORM.test(said));
  if (isName && (header === undefined || header === said)) return said;
  throw new CustodyError(
    'REQUEST_REFUSED',
    isName
      ? `The header ${SESSION_HEADER} and _meta['${SESSION}'] name different sessions.`
      : `_meta['${SESSION}'], or the header ${SESSION_HEADER}, must be 1 to 128 visible ASCII characters.`,
  );
}

export function metaIn(value: unknown): Record<string, unknown> {
  const params = isObject(value) ? value['params'] : undefined;
  const meta = isObject(params) ? params['_meta'] : undefined;
  return isObject(meta) ? meta : {};
}
