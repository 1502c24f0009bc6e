import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partsOf } from '../../protocol/values/parts.ts';
import { EventRewriter } from '../../mcp/http/events.ts';

const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n\uFEFF]/g, '').toWellFormed());
const ending = fc.constantFrom('\n', '\r\n', '\r');

/** An event of lines of data, as a server may write it, and the data that it means. */
const event = fc
  .record({ lines: fc.array(line, { minLength: 1, maxLength: 3 }), id: fc.boolean(), ending })
  .map(({ lines, id, ending: end }) => ({
    data: lines.join('\n'),
    text: `${id ? `id: 7${end}` : ''}${lines.map((each) => `data: ${each}${end}`).join('')}${end}`,
  }));

describe('E2: the data of an event stream is rewritten event by event', () => {
  test('however its lines end, and wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.array(fc.nat(30)), (events, cuts) => {
        const seen: string[] = [];
        const rewriter = new EventRewriter((data) => `<${seen.push(data)}>`);
        let rest = events.map(({ text }) => text).join('');
        let given = '';
        for (const cut of cuts) {
          given += rewriter.write(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        given += rewriter.write(rest) + rewriter.end();
        expect(seen).toEqual(events.map(({ data }) => data));
        expect(given.match(/^data: .*$/gm) ?? []).toEqual(events.map((_, index) => `data: <${index + 1}>`));
      }),
    );
  });

  test('events of other names, comments and fields stay as they are', () => {
    const rewriter = new EventRewriter(() => 'rewritten');
    const text = ': hello\n\nevent: ping\ndata: 1\n\nretry: 10\n\nid: 3\nevent: message\ndata: 2\n\n';
    expect(rewriter.write(text)).toBe(text.replace('data: 2', 'data: rewritten'));
  });

  test('an event that does not end counts with all its bytes', () => {
    const rewriter = new EventRewriter((data) => data);
    rewriter.write('data: a\n\n');
    for (let chunk = 0; chunk < 10; chunk += 1) rewriter.write(`data: ${'\u00e9'.repeat(50)}\n`);
    expect(rewriter.largest).toBe(10 * (6 + 100));
    rewriter.write('\n');
    rewriter.write('data: b');
    expect(rewriter.largest).toBe(7);
  });
});

test('A2: the parts of a JSON text are its members and elements, to the letter', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
      fc.nat(3),
      (value, space) => {
        const parts = partsOf(JSON.stringify(value, undefined, space)).map(({ name, text }) => [
          name,
          JSON.parse(text) as unknown,
        ]);
        const parsed = JSON.parse(JSON.stringify(value)) as object;
        expect(parts).toEqual(
          Array.isArray(parsed) ? parsed.map((each: unknown) => [undefined, each]) : Object.entries(parsed),
        );
      },
    ),
  );
});
