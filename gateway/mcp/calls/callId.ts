import { randomUUID } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { CALL_ID_FORM } from '../../../protocol/calls/call.ts';

/** The name in `_meta` under which a client gives a call an id of its own, and finds the id of a call in its result. */
export const CALL_ID = 'io.custody/call-id';
/** What Claude Code and the Claude Agent SDK send with each call. */
export const CLAUDE_TOOL_USE_ID = 'claudecode/toolUseId';

/**
 * The id of a call: the client's, Claude's, or a random one. Repeats of one id are one call with one effect.
 *
 * @param owner begins a random one, so that the call can be told to be that client's
 * @throws ProtocolError -32602 for an id of the client's that is none
 */
export function callIdIn(meta: { readonly [key: string]: unknown } | undefined, owner?: string): string {
  const given = meta?.[CALL_ID];
  if (given !== undefined) {
    if (typeof given !== 'string' || !CALL_ID_FORM.test(given))
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `_meta['${CALL_ID}'] must be 1 to 128 printable ASCII characters without spaces.`,
      );
    return given;
  }
  const claude = meta?.[CLAUDE_TOOL_USE_ID];
  return typeof claude === 'string' && CALL_ID_FORM.test(claude)
    ? claude
    : `${owner === undefined ? '' : ownedBy(owner)}${randomUUID()}`;
}

/** How the ids begin of calls to which this client gave none. */
export const ownedBy = (owner: string): string => `${owner}/`;

/** The name in `_meta` under which a client says which start of it this is, where nothing else tells. */
export const CONNECTION = 'io.custody/connection';

/**
 * Which start of its client a request is of, as far as that says it.
 *
 * @throws ProtocolError -32602 for a name that is none
 */
export function connectionIn(meta: { readonly [key: string]: unknown } | undefined): string | undefined {
  const given = meta?.[CONNECTION];
  if (given === undefined || (typeof given === 'string' && CALL_ID_FORM.test(given))) return given;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `_meta['${CONNECTION}'] must be 1 to 128 printable ASCII characters without spaces.`,
  );
}
