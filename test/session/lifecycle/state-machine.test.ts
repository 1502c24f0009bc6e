import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE_NAMES } from '../../../protocol/states.ts';
import { TRANSITIONS } from '../../../session/lifecycle/states.ts';
import { life } from '../model/lives.ts';
import { Model } from '../model/model.ts';
import { SCENARIOS } from '../scenarios.ts';

const docs = readFileSync('docs/state-machine.md', 'utf8');
const drawn = [...docs.matchAll(/^ {4}([A-Z]+) --> ([A-Z]+)$/gm)].map(([, from, to]) => `${from} -> ${to}`);
const rows = [...docs.matchAll(/^\| ([A-Z]+) \| ([A-Z]+) \| (.+) \|$/gm)].map(([, from, to, by]) => ({
  edge: `${from} -> ${to}`,
  by,
}));
const typed = Object.entries(TRANSITIONS).flatMap(([from, ends]) => ends.map((to) => `${from} -> ${to}`));

describe('L1: docs/state-machine.md', () => {
  test('draws each transition of the types once, and no other', () => {
    expect([...drawn].sort()).toEqual([...typed].sort());
  });

  test('has one row for each, in the order of the diagram, and says by what', () => {
    expect(rows.map(({ edge }) => edge)).toEqual(drawn);
    for (const { by } of rows) expect(by).toMatch(/\w/);
  });

  test('begins in INIT, ends where nothing leads on, and explains every state', () => {
    expect([...docs.matchAll(/^ {4}\[\*\] --> ([A-Z]+)$/gm)].map(([, to]) => to)).toEqual(['INIT']);
    expect([...docs.matchAll(/^ {4}([A-Z]+) --> \[\*\]$/gm)].map(([, from]) => from)).toEqual(
      STATE_NAMES.filter((name) => TRANSITIONS[name].length === 0),
    );
    expect([...docs.matchAll(/^\| ([A-Z]+) \| [^|]+ \|$/gm)].map(([, name]) => name)).toEqual([...STATE_NAMES]);
  });

  test('is what sessions do: each arrow is reached, by example and by chance, and no other is', () => {
    const byExample = new Set(
      SCENARIOS.flatMap(({ play }) => play().of('moved')).map(({ from, to }) => `${from} -> ${to.name}`),
    );
    expect([...byExample].sort()).toEqual([...drawn].sort());
    const byChance = fc.sample(life, { numRuns: 150, seed: 7 }).flatMap((each) => [...Model.live(each).reached]);
    expect([...new Set([...byExample, ...byChance])].sort()).toEqual([...drawn].sort());
  }, 400_000);
});
