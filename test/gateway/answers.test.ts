import { isSpecType } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { toRaw, toResult } from '../../gateway/mcp/calls/answers.ts';
import type { ToolResult } from '../../protocol/calls/result.ts';
import type { Json } from '../../protocol/values/json.ts';

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

describe('G1: a client gets the result of a read, or hears why not', () => {
  const read = (raw: Json, exact?: string) =>
    toRaw('resources/read', {
      callId: 'c',
      outcome: 'succeeded',
      attempts: 1,
      result: { raw, ...(exact === undefined ? {} : { exact }) },
    });
  const contents = [{ uri: 'x://a', text: 'a' }];

  test('members that are null are absent', () => {
    expect(read({ contents: [{ ...contents[0], mimeType: null, _meta: null }], _meta: null })).toEqual({ contents });
  });

  test('one that no value says all of is there to the letter', () => {
    expect(read({ contents }, 'the text')).toEqual({ contents, _meta: { 'io.custody/exact': 'the text' } });
  });

  test.each<Json>([null, 'a', [], {}, { contents: null }, { contents: [{ uri: 7 }] }])('and not %j', (raw) => {
    expect(() => read(raw)).toThrow(`SERVER_PROTOCOL_ERROR: The server answered, and not with a result of`);
  });
});
