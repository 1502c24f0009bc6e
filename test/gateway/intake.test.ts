import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { takeIn } from '../../gateway/mcp/intake.ts';

const REQUEST = { jsonrpc: '2.0', id: 7, method: 'tools/list' };
const CALL = '"jsonrpc":"2.0","id":7,"method":"tools/call"';

/** What a line is answered with at once: the text of its id, and the code. */
function answered(line: string): unknown[] {
  return takeIn(line).flatMap((taken) => {
    if (!('reply' in taken)) return [];
    const { error } = JSON.parse(taken.reply) as { readonly error: { readonly code: number } };
    return [[/^\{"jsonrpc":"2\.0","id":(.*),"error":/.exec(taken.reply)?.[1], error.code]];
  });
}

describe('G1: a request that the SDK would leave without a response gets one', () => {
  test.each([
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":null}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[]}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":null}}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":{"progressToken":1.5}}}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":null}}', '7', -32602],
    [`{${CALL},"params":{"name":7}}`, '7', -32602],
    [`{${CALL},"params":{"name":"a","arguments":[]}}`, '7', -32602],
    [`{${CALL}}`, '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{}}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"capabilities":null}}', '7', -32602],
    ['{"jsonrpc":"2.0","id":7.5,"method":"ping"}', '7.5', -32600],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', '9007199254740993', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 'null', -32600],
    ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', 'null', -32600],
    ['{"jsonrpc":"1.0","id":"a\\"b","method":"ping"}', '"a\\"b"', -32600],
    ['{"id":7,"method":"ping"}', '7', -32600],
    ['{"jsonrpc":"2.0","id":7,"method":null}', '7', -32600],
    ['{"jsonrpc":"2.0","id":7}', '7', -32600],
    ['{}', 'null', -32600],
    ['[]', 'null', -32600],
    ['7', 'null', -32600],
    ['no json', 'null', -32700],
    [`{"jsonrpc":"2.0","id":7,"method":"ping","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, '7', -32600],
  ])('%.90s', (line, id, code) => {
    expect(answered(line)).toEqual([[id, code]]);
  });

  test('in a list each one', () => {
    expect(answered(`[${JSON.stringify(REQUEST)},{"jsonrpc":"2.0","method":"x"},{"id":"b","method":"ping"}]`)).toEqual([
      ['7', -32600],
      ['"b"', -32600],
    ]);
  });
});

describe('G1: what the SDK can read goes on to it as it came', () => {
  test.each([
    JSON.stringify(REQUEST),
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":7,"method":"no/such","params":{"n":9007199254740993}}',
    '{"jsonrpc":"2.0","id":"a","result":{}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}',
    `{${CALL},"params":{"name":"a","arguments":{"n":9007199254740991,"f":0.1,"t":"9007199254740993"}}}`,
  ])('%s', (line) => {
    expect(takeIn(`\uFEFF${line}\r`)).toEqual([{ pass: line }]);
  });

  test.each([
    [
      '{"jsonrpc":"2.0","more":[1],"id":7,"method":"ping","params":{"n":1.0}}',
      '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"n":1.0}}',
    ],
    ['{"jsonrpc":"2.0","id":1,"result":{"a":1.0},"error":null}', '{"jsonrpc":"2.0","id":1,"result":{"a":1.0}}'],
  ])('but for members that JSON-RPC does not know: %s', (line, pass) => {
    expect(takeIn(line)).toEqual([{ pass }]);
  });

  test.each(['9007199254740993', '1e999', '-0', '0.12345678901234567890'])(
    'but a call with a number that would be altered, %s, goes on without its arguments',
    (number) => {
      const [taken] = takeIn(
        `{${CALL},"params":{"name":"a","arguments":{"n":[${number}]},"_meta":{"progressToken":1}}}`,
      );
      expect(JSON.parse((taken as { pass: string }).pass)).toEqual({
        ...REQUEST,
        method: 'tools/call',
        params: { name: 'a', _meta: { progressToken: 1, 'io.custody/altered-number': number } },
      });
    },
  );

  test.each(['{"jsonrpc":"2.0","id":1,"result":null}', '{"jsonrpc":"2.0","id":1,"result":{"n":9007199254740993}}'])(
    'and who waits for a response that cannot be read is told so: %s',
    (line) => {
      const [taken] = takeIn(line);
      expect(JSON.parse((taken as { pass: string }).pass)).toMatchObject({ id: 1, error: { code: -32600 } });
    },
  );

  test.each(['{"jsonrpc":"2.0","method":7}', '{"jsonrpc":"2.0","id":7.5,"result":{}}'])(
    'what expects no response gets none: %s',
    (line) => {
      expect(takeIn(line)).toEqual([{ drop: expect.stringContaining('cannot be read') as string }]);
    },
  );
});

test('G1: whatever comes, one request gets one response, and nothing throws', () => {
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom('2.0', 'tools/call', 'ping', 7, {}));
  const message = fc.record(
    { jsonrpc: member, id: member, method: member, params: member, result: member, error: member },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(message, (value) => {
      const taken = takeIn(JSON.stringify(value));
      expect(taken).toHaveLength(1);
      const [only] = taken;
      if ('id' in value && !('result' in value) && !('error' in value)) expect(only).not.toHaveProperty('drop');
    }),
    { numRuns: 1000 },
  );
});
