import { describe, expect, test } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import { stdioServer } from '../servers/start.ts';
import { callOptions, failure, open, serve } from './harness.ts';

/**
 * How a server says something: over stdio, as a JSON body, in a list, on an event stream in two ways, with a refusal.
 */
const WAYS = ['stdio', 'json', 'list', 'events', 'chopped events', 'HTTP 400'] as const;
type Way = (typeof WAYS)[number];

async function openFor(way: Way): Promise<McpConnection> {
  if (way === 'stdio') return open(stdioServer('hostile.mjs', '--mode', 'told'));
  return open((await serve('hostile.mjs', ['--mode', 'told'])).server);
}

const noise = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"a, ]"}}';

function told(way: Way, message: string): { readonly [key: string]: string | number } {
  switch (way) {
    case 'list':
      return { body: `[${noise}, ${message}]` };
    case 'events':
      return { type: 'text/event-stream', body: `: hello\n\ndata: ${noise}\n\nid: 7\ndata: ${message}\n\n` };
    case 'chopped events':
      return {
        type: 'text/event-stream; charset=utf-8',
        body: `event: message\r\ndata:${message.replaceAll(',"', ',\r\ndata:"')}\r`,
      };
    case 'HTTP 400':
      return { status: 400, body: message };
    default:
      return { body: message };
  }
}

const image = 'data:image/png;base64,AAAA';
const WITH_META = { isError: false, content: [], more: { _meta: { 'a/b': 1 } } };
/** Results as servers give them, and what stands on record. */
const RESULTS = [
  ['{"content":[{"type":"json","json":{"id":1}}]}', { isError: false, content: [{ type: 'json', json: { id: 1 } }] }],
  [
    '{"content":[{"type":"text","text":null}],"isError":true}',
    { isError: true, content: [{ type: 'text', text: null }] },
  ],
  [
    `{"content":[{"type":"image","data":"${image}","mimeType":null}],"_meta":null}`,
    { isError: false, content: [{ type: 'image', data: image, mimeType: null }] },
  ],
  ['{"content":["text",1,null]}', { isError: false, content: ['text', 1, null] }],
  ['{"content":[],"structuredContent":null,"isError":null}', { isError: false, content: [] }],
  ['{"content":null,"structuredContent":{"a":1}}', { isError: false, content: [], structuredContent: { a: 1 } }],
  ['{"content":[],"_meta":{"a/b":1,"io.modelcontextprotocol/serverInfo":{}},"resultType":"complete"}', WITH_META],
  ['{"content":[],"tool":{"result":null}}', { isError: false, content: [], more: { tool: { result: null } } }],
  ['{"content":[],"structuredContent":[1]}', { isError: false, content: [], structuredContent: [1] }],
  ['{"structuredContent":{"a":1}}', { isError: false, content: [], structuredContent: { a: 1 } }],
  ['{"content":null}', { isError: false, raw: { content: null } }],
  ['{"content":"text","isError":true}', { isError: true, raw: { content: 'text', isError: true } }],
  ['{"content":[],"isError":"true"}', { isError: false, content: [], more: { isError: 'true' } }],
  ['{"toolResult":1}', { isError: false, raw: { toolResult: 1 } }],
  ['{}', { isError: false, raw: {} }],
  ['null', { isError: false, raw: null }],
  ['"done"', { isError: false, raw: 'done' }],
  ['[1,2]', { isError: false, raw: [1, 2] }],
] as const;

describe.each(WAYS)('A2, E2: %s: a response that carries the id of the call is its answer', (way) => {
  test('whatever stands in its result', async () => {
    const connection = await openFor(way);
    for (const [result, answer] of RESULTS)
      expect(
        await connection.call('poke', told(way, `{"jsonrpc":"2.0","id":$ID,"result":${result}}`), callOptions()),
        result,
      ).toEqual(answer);
  });

  test.each([
    '{"id":$ID,"result":{"content":[]}}',
    '{"jsonrpc":"1.0","id":$ID,"result":{"content":[]},"error":null}',
    '{"jsonrpc":"2.0","id":"$ID","result":{"content":[]}}',
    '{"result":{"content":[]},"more":{"result":1},"jsonrpc":"2.0","id":$ID}',
  ])('and whatever stands beside it: %s', async (message) => {
    const connection = await openFor(way);
    expect(await connection.call('poke', told(way, message), callOptions())).toEqual({ isError: false, content: [] });
  });

  test.each([
    ['{"code":-32050,"message":"no poking"}', { code: -32050, message: 'no poking' }],
    ['{"code":"E7","message":"no poking","data":null}', { code: -32603, message: 'no poking' }],
    ['"no poking"', { code: -32603, message: 'no poking' }],
    ['{}', { code: -32603, message: 'it does not say which' }],
    ['7', { code: -32603, message: 'it does not say which' }],
  ])('an error is a refusal: %s', async (error, rpc) => {
    const connection = await openFor(way);
    const message = `{"jsonrpc":"2.0","id":$ID,"result":null,"error":${error}}`;
    expect(await failure(connection.call('poke', told(way, message), callOptions()))).toMatchObject({
      code: 'SERVER_REFUSED',
      sent: true,
      answered: true,
      rpc,
    });
  });

  test.each(['{"jsonrpc":"2.0","id":$ID,"error":null}', '{"id":$ID}', '{"id":$ID,"method":"x","result":{"a":1}}'])(
    'one that is none is an answer, too: %s',
    async (message) => {
      const connection = await openFor(way);
      const said = JSON.parse(message.replace('$ID', '0')) as { readonly result?: unknown };
      const answer = await connection.call('poke', told(way, message), callOptions());
      expect(answer).toEqual({ isError: false, raw: said.result ?? { ...said, id: expect.any(Number) as number } });
    },
  );

  test.each([
    ['12345678901234567890', 12345678901234567000],
    ['1e999', '1e999'],
    ['0.12345678901234567890123', 0.12345678901234568],
    ['"\\ud800"', '\uFFFD'],
  ])('what JavaScript would alter is kept to the letter: %s', async (text, id) => {
    const connection = await openFor(way);
    const exact = `{ "content":[], "structuredContent": {"list":[ ${text}],"result":[{}]} }`;
    const message = `{"result":{},"jsonrpc":"2.0","id":$ID, "result" : ${exact} }`;
    const kept = way === 'chopped events' ? exact.replaceAll(',"', ',\n"') : exact;
    expect(await connection.call('poke', told(way, message), callOptions())).toEqual({
      isError: false,
      content: [],
      structuredContent: { list: [id], result: [{}] },
      exact: kept,
    });
  });

  test('what is nested beyond all use is kept as its text', async () => {
    const connection = await openFor(way);
    const exact = `{"isError":true,"content":${'['.repeat(1000)}${']'.repeat(1000)}}`;
    const message = `{"jsonrpc":"2.0","id":$ID,"result":${exact}}`;
    expect(await connection.call('poke', told(way, message), callOptions())).toEqual({
      isError: true,
      raw: null,
      exact: way === 'chopped events' ? exact.replaceAll(',"', ',\n"') : exact,
    });
  });
});

test.each(['stdio', 'http'])('E2: %s: two million levels are an answer, too', async (transport) => {
  const connection = await open(
    transport === 'stdio'
      ? stdioServer('hostile.mjs', '--mode', 'deep-result')
      : (await serve('hostile.mjs', ['--mode', 'deep-result'])).server,
  );
  expect(await connection.call('poke', {}, callOptions())).toMatchObject({
    isError: false,
    raw: null,
    exact: expect.stringMatching(/^\{"content":\[\],"structuredContent":\{"deep":\[{10}/) as string,
  });
});
