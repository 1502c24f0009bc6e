import type { CallRequest, ToolPin } from '../../protocol/calls/call.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { formatSize } from '../../protocol/values/size.ts';
import { nearest, quote } from '../../protocol/values/text.ts';
import type { Session } from '../session.ts';
import type { OpenCall } from './state.ts';

/** What every method but `tools/call` runs under: it is no tool, so no definition is pinned for it. */
const READ: ToolPin = { hash: '', effect: 'read-only', timeout: LIMITS.toolTimeout };

/**
 * What a call runs under: its tool as it is pinned, or what holds for its method. Names come from outside: only own
 * properties count.
 */
export function termsOf(
  { servers }: Pick<Session, 'servers'>,
  { server, tool, method }: Pick<CallRequest, 'server' | 'tool' | 'method'>,
): ToolPin | undefined {
  const pin = Object.hasOwn(servers, server) ? servers[server] : undefined;
  if (pin && method !== undefined) return READ;
  return pin && Object.hasOwn(pin.tools, tool) ? pin.tools[tool] : undefined;
}

/** Why a call cannot be made at all: the session has no such server, or the server no such tool. */
export function unknownTool(session: Session, request: CallRequest): Refusal | undefined {
  const { server, tool } = request;
  if (termsOf(session, request)) return undefined;
  const pin = Object.hasOwn(session.servers, server) ? session.servers[server] : undefined;
  if (pin) {
    const near = nearest(tool, Object.keys(pin.tools));
    const hint = near === undefined ? '' : `; it has ${quote(near)}`;
    return {
      code: 'UNKNOWN_TOOL',
      message: `The server '${server}' had no tool '${tool}' when the session opened it${hint}.`,
    };
  }
  const known = Object.keys(session.servers).join(', ') || 'none';
  return { code: 'UNKNOWN_SERVER', message: `The session has no server '${server}'; it has ${known}.` };
}

/** Arguments beyond what the profile allows; of a session that is not open yet, beyond what any profile does. */
export function tooLarge({ governance }: Session, bytes: number): Refusal | undefined {
  const limit = governance?.session.maxArguments ?? DEFAULTS.session.maxArguments;
  if (bytes <= limit) return undefined;
  const message = `The arguments are ${bytes} bytes, and session.maxArguments is ${formatSize(limit)}.`;
  return { code: 'ARGUMENTS_TOO_LARGE', message };
}

export const canBeUndone = (session: Session, call: OpenCall): boolean => termsOf(session, call)?.undo === true;

/**
 * Is the next attempt of this call made though the session starts no new calls? It is the rest of a call that has
 * begun: while a session that is to complete waits for it, and to end one whose server still waits for a response.
 */
export function goesOn({ state }: Session, call: OpenCall): boolean {
  if (call.phase !== 'queued' || !call.rest) return false;
  return call.rest.continuation.withdrawn === true || (state.name === 'AUDIT' && state.then.name === 'COMPLETED');
}
