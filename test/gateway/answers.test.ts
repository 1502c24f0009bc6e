import { isSpecType } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { toResult } from '../../gateway/mcp/calls/answers.ts';
import type { ToolResult } from '../../protocol/calls/call.ts';

const given = (result: ToolResult, outcome: 'succeeded' | 'tool_error' = 'succeeded', declaresOutput = false) => {
  const readable = toResult({ callId: 'c', outcome, attempts: 1, result }, declaresOutput);
  expect(isSpecType.CallToolResult(readable)).toBe(true);
  return readable;
};

describe('G1: a client gets of a result what it can take', () => {
  const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };

  test.each<[ToolResult, object]>([
    [{ content: [image, { type: 'json', json: 1 }] }, { content: [image, { text: '{"type":"json","json":1}' }] }],
    [{ content: [null, 'a'] }, { content: [{ text: 'null' }, { text: '"a"' }] }],
    [{ content: [{ type: 'text', text: null }] }, { content: [{ text: '{"type":"text","text":null}' }] }],
    [{ raw: { content: null } }, { content: [{ text: '{"content":null}' }], isError: false }],
    [{ raw: null, exact: '[[1]]' }, { content: [{ text: 'The result to the letter:\n[[1]]' }] }],
    [
      { content: [image], structuredContent: { id: 2 ** 53 }, exact: '{"id":9007199254740993}' },
      { content: [image, { text: expect.stringContaining('9007199254740993') as string }], structuredContent: {} },
    ],
  ])('%j', (result, expected) => {
    expect(given(result)).toMatchObject(expected);
  });

  test('structured content that is null is none', () => {
    expect(given({ content: [], structuredContent: null })).not.toHaveProperty('structuredContent');
  });

  test('an error stays one, and what lacks a declared output is one', () => {
    expect(given({ raw: 'no' }, 'tool_error').isError).toBe(true);
    expect(given({ raw: 'yes' }, 'succeeded', true).isError).toBe(true);
  });
});
