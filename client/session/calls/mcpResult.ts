import { isCallToolResult, isSpecType, type ResultTypeMap } from '@modelcontextprotocol/client';
import type { Answer, Method } from '../../../protocol/calls/call.ts';

const CHECKS: { readonly [M in Method]: (value: unknown) => value is ResultTypeMap[M] } = {
  'tools/call': isCallToolResult,
  'tools/list': isSpecType.ListToolsResult,
  'resources/list': isSpecType.ListResourcesResult,
  'resources/templates/list': isSpecType.ListResourceTemplatesResult,
  'resources/read': isSpecType.ReadResourceResult,
  'prompts/list': isSpecType.ListPromptsResult,
  'prompts/get': isSpecType.GetPromptResult,
  'completion/complete': isSpecType.CompleteResult,
};

/**
 * The result in an answer as MCP types it, checked by MCP's schema. Undefined where there is none, and where the server
 * gave another: that one stands in `answer.result` as it came.
 *
 * @param method what was asked for with `request`; a tool call by default
 */
export function mcpResult<M extends Method = 'tools/call'>(
  answer: Answer,
  method: M = 'tools/call' as M,
): ResultTypeMap[M] | undefined {
  const given = givenIn(answer);
  return CHECKS[method](given) ? given : undefined;
}

function givenIn({ outcome, result }: Answer): unknown {
  if (!result || !('content' in result)) return result && 'raw' in result ? result.raw : undefined;
  const { content, structuredContent, more } = result;
  const structured = structuredContent === undefined ? {} : { structuredContent };
  return { ...more, content, ...structured, isError: outcome === 'tool_error' };
}
