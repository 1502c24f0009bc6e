import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LastWords } from '../../activities/heartbeats/said.ts';
import { readLog } from '../../mcp/calls/log.ts';
import { hearsIn, LOG_LEVELS } from '../../protocol/calls/said.ts';

const OF = { callId: 'c', server: 's', attempt: 1 };

describe('E5: what a server says in a call', () => {
  test('is kept as far as the caller wants to hear it', () => {
    const words = new LastWords(OF, { level: 'warning', uris: ['a:b'] });
    for (const level of LOG_LEVELS) words.add({ log: { level, data: level } });
    words.add({ progress: { progress: 1 } });
    words.add({ updated: 'a:b' });
    words.add({ updated: 'a:c' });
    expect(words.said?.last.map((word) => ('log' in word ? word.log.data : 'updated' in word && word.updated))).toEqual(
      ['warning', 'error', 'critical', 'alert', 'emergency', 'a:b'],
    );
    expect(words.said?.last.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new LastWords(OF, { progress: true }).said).toBeUndefined();
  });

  test('is the last 32 words and 8 KiB of it, in order, however much it says', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3000 }), { maxLength: 100 }), (texts) => {
        const words = new LastWords(OF, { level: 'debug' });
        for (const data of texts) words.add({ log: { level: 'info', data } });
        const last = words.said?.last ?? [];
        expect(last.length).toBeLessThanOrEqual(32);
        expect(last.reduce((sum, word) => sum + Buffer.byteLength(JSON.stringify(word)), 0)).toBeLessThanOrEqual(8192);
        expect(last.map(({ n }) => n)).toEqual(last.map((_, index) => texts.length - last.length + 1 + index));
      }),
      { numRuns: 50 },
    );
  });

  test('is made printable and short, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (data, logger) => {
        const log = readLog({ level: 'info', data, logger });
        expect(JSON.stringify(log).length).toBeLessThan(7000);
        expect(JSON.stringify(log)).not.toMatch(/[\p{Cc}]/u);
      }),
    );
    expect(readLog({ level: 'loud', data: 1 })).toBeUndefined();
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(readLog({ level: 'info', data: deep })).toMatchObject({ data: expect.stringContaining('deep') as string });
  });
});

test('E5: what a caller wants to hear is taken for nothing where it is none', () => {
  for (const none of [undefined, null, 1, {}, { level: 'loud' }, { progress: 'yes' }, { uris: [1] }])
    expect(hearsIn(none)).toBeUndefined();
  expect(hearsIn({ uris: Array.from({ length: 65 }, () => 'a:b') })).toBeUndefined();
  expect(hearsIn({ progress: true, level: 'info', uris: ['a:b'], more: 1 })).toEqual({
    progress: true,
    level: 'info',
    uris: ['a:b'],
  });
});
