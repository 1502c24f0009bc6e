import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import type { SessionHandle } from '../../../client/index.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { inWords, refusalIn } from '../calls/answers.ts';
import { callIdIn } from '../calls/callId.ts';

/** The tool `custody_checkpoint`. The id of the call is that of the command, so a repeat sets no second checkpoint. */
export async function setCheckpoint(
  session: SessionHandle,
  { name }: JsonObject,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  if (typeof name !== 'string')
    return inWords(undefined, { code: 'MALFORMED_COMMAND', message: 'custody_checkpoint needs { "name": … }.' });
  try {
    await session.checkpoint(name, { commandId: callIdIn(mcpReq._meta), reason: 'asked for by an agent' });
    return { content: [{ type: 'text', text: `The checkpoint '${name}' is set.` }] };
  } catch (error) {
    return inWords(undefined, refusalIn(error));
  }
}
