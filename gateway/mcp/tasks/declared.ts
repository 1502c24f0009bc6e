import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isObject } from '../../../protocol/values/json.ts';

/** The extension of MCP by which an answer is fetched later (SEP-2663). */
export const TASKS = 'io.modelcontextprotocol/tasks';

/** Does the client say, in this request, that it takes tasks for answers? */
export function takesTasks({ mcpReq }: ServerContext): boolean {
  const claimed = (mcpReq.envelope as { readonly [key: string]: unknown } | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const extensions = isObject(claimed) ? claimed['extensions'] : undefined;
  return isObject(extensions) && isObject(extensions[TASKS]);
}

/** @throws ProtocolError -32021 */
export function mustTakeTasks(context: ServerContext): void {
  if (takesTasks(context)) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS]: {} } } });
}
