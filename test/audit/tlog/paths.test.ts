import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgeOf, parseTilePath, tilePath, tilesOf } from '../../../audit/tlog/tiles/paths.ts';

describe('A4: tiles lie where c2sp.org/tlog-tiles says', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 999, width: 1 }, 'tile/0/999.p/1'],
    [{ level: 3, index: 1_234_067, width: 256 }, 'tile/3/x001/x234/067'],
    [{ level: 63, index: 1000, width: 255 }, 'tile/63/x001/000.p/255'],
    [{ level: 'entries', index: 1_234_067, width: 8 }, 'tile/entries/x001/x234/067.p/8'],
  ] as const)('%j is %s, and is read back', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test('every tile is read back from its path', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    const tile = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(tile, (each) => {
        expect(parseTilePath(tilePath(each))).toEqual(each);
      }),
    );
  });

  test.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/data/000',
    'tile/0/../000',
    '/tile/0/000',
    'tile/0/000\n',
    `tile/0/${'x999/'.repeat(5)}999`,
    `tile/0/${'x001/'.repeat(100_000)}000`,
  ])('%j is the path of no tile', (path) => {
    expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: 'LOG_MALFORMED' }));
  });

  test('a tree of 70,000 and one of 256 have the tiles that the specification names', () => {
    const counts = new Map<string, number>();
    for (const { level, width } of tilesOf(70_000)) {
      const key = `${level} ${width}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'entries 256': 273,
      'entries 112': 1,
      '0 256': 273,
      '0 112': 1,
      '1 256': 1,
      '1 17': 1,
      '2 1': 1,
    });
    expect(Array.from(tilesOf(256), tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect(edgeOf(70_000).map(tilePath)).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect([...tilesOf(0)]).toEqual([]);
  });
});
