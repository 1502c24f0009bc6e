import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader, requestOf, type Line } from '../../mcp/stdio/lines.ts';

const LIMIT = 20;

function readAll(text: string, cuts: readonly number[]): Line[] {
  const bytes = Buffer.from(text);
  const reader = new LineReader(LIMIT);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).flatMap((end, index) => [...reader.read(bytes.subarray(edges[index], end))]);
}

test('E5: lines come out whole up to the limit and are counted beyond it, however the bytes are cut', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
      const read = readAll(lines.map((text) => `${text}\n`).join(''), cuts);
      expect(read.map((each) => (each.kind === 'line' ? each.text : each.bytes))).toEqual(
        lines.map((text) => (Buffer.byteLength(text) <= LIMIT ? text : Buffer.byteLength(text))),
      );
    }),
  );
});

test('an oversize line that has not ended is reported as skipped', () => {
  const reader = new LineReader(LIMIT);
  expect([...reader.read(Buffer.from('x'.repeat(25)))]).toEqual([]);
  expect(reader.skipped).toBe(25);
  expect([...reader.read(Buffer.from('yz\n'))]).toMatchObject([
    { kind: 'oversize', bytes: 27, head: 'x'.repeat(25), tail: `${'x'.repeat(25)}yz` },
  ]);
  expect(reader.skipped).toBe(0);
});

const big = 'x'.repeat(1000);
test.each([
  [`{"jsonrpc":"2.0","id":5,"result":{"text":"${big}"}}`, 5],
  [`{ "id": 5, "jsonrpc": "2.0", "result": {"text": "${big}"} }`, 5],
  [`{"result":{"text":"${big}"},"jsonrpc":"2.0","id":5}`, 5],
  [`{"result":{"text":"${big}"},"id":5,"jsonrpc":"2.0"}`, 5],
  [`{"result":{"text":"${big}","id":5}}`, undefined],
  [`{"result":{"id":5,"text":"${big}"}}`, undefined],
  [`{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${big}"},"id":5}`, null],
  [big, undefined],
])('an oversize message tells which request it answers, or nothing: %.40s…', (message, id) => {
  const [line] = new LineReader(LIMIT).read(Buffer.from(`${message}\n`));
  expect(line?.kind === 'oversize' && requestOf(line)).toBe(id);
});
