import { isObject } from '../../protocol/values/json.ts';
import { CALL_ID, CLAUDE_TOOL_USE_ID } from '../mcp/calls/callId.ts';
import { metaIn } from './name.ts';

/** Tools of the gateway that are about a call that was made before. */
const ABOUT_CALLS: ReadonlySet<unknown> = new Set(['custody_wait', 'custody_again']);

/** The id of a call that a request may be about to repeat, or asks for, as far as it says one. */
export function callIn(value: unknown): string | undefined {
  const params = isObject(value) && isObject(value['params']) ? value['params'] : {};
  const { name, arguments: args, taskId } = params;
  const asked = ABOUT_CALLS.has(name) && isObject(args) ? args['callId'] : undefined;
  const meta = metaIn(value);
  const said = [taskId, asked, meta[CALL_ID], meta[CLAUDE_TOOL_USE_ID]];
  return said.find((each) => typeof each === 'string');
}
