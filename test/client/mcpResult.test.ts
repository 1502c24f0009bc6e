import { describe, expect, test } from 'vitest';
import { type Answer, type Json, mcpResult } from '../../client/index.ts';

const answer = (rest: Partial<Answer>): Answer => ({ callId: 'c', outcome: 'succeeded', attempts: 1, ...rest });
const text = { type: 'text', text: 'done' };

describe('U1: mcpResult gives what MCP calls the result of a tool', () => {
  test('with all that the server said, and whether it is an error', () => {
    const result = { content: [text], structuredContent: { id: 7 }, more: { _meta: { 'a/b': 1 } } };
    const rest = { content: [text], structuredContent: { id: 7 }, _meta: { 'a/b': 1 } };
    expect(mcpResult(answer({ result }))).toEqual({ ...rest, isError: false });
    expect(mcpResult(answer({ result, outcome: 'tool_error' }))).toEqual({ ...rest, isError: true });
  });

  test.each<[string, Partial<Answer>]>([
    ['there is none', { outcome: 'failed', error: { code: 'TOOL_TIMEOUT', message: 'late' } }],
    ['a person resolved the call', { resolved: { actor: 'ann', reason: 'it stands there' } }],
    ['it is too large to be kept', { result: { truncated: { sha256: 'a', bytes: 1, preview: '' } } }],
    ['a block of content is none of MCP', { result: { content: [text, { type: 'json', json: {} }] } }],
    ['it has no content', { result: { raw: { toolResult: 1 } } }],
  ])('and nothing where %s', (_, rest) => {
    expect(mcpResult(answer(rest))).toBeUndefined();
  });
});

test.each([
  ['resources/read', { contents: [{ uri: 'file:///a.md', text: 'a' }] }, { contents: [{ uri: 7 }] }],
  ['prompts/get', { messages: [{ role: 'user', content: text }] }, { messages: [text] }],
  ['tools/list', { tools: [{ name: 'a', inputSchema: { type: 'object' } }] }, { tools: [{ name: 'a' }] }],
] as const)('U1: mcpResult gives the result of %s where it is one', (method, good, bad) => {
  expect(mcpResult(answer({ result: { raw: good as unknown as Json } }), method)).toEqual(good);
  expect(mcpResult(answer({ result: { raw: bad as unknown as Json } }), method)).toBeUndefined();
});
