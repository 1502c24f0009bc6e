import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../protocol/governance.ts';
import { REPORTS } from '../../protocol/reports/names.ts';
import { upgraded } from '../../session/begin.ts';
import { figuresOf } from '../../session/reports/figures.ts';
import { viewOf } from '../../session/view/view.ts';
import { byOf, callOf, type Patch, succeeded, World } from './world.ts';
import { after, priced, USD } from './money/priced.ts';

const recordsIn = ({ effects }: World) => effects.flatMap((each) => (each.type === 'write' ? each.records : []));
const reportsIn = (world: World) => recordsIn(world).filter(({ kind }) => kind === 'report');
const ended = (patch: Patch = {}): World =>
  World.running(patch)
    .do(callOf('a'))
    .ends('a', succeeded())
    .do({ type: 'complete', by: byOf('done') });

describe('A7: reports', () => {
  test('a session that ends has those on record that its profile asks for, each once', () => {
    expect(reportsIn(ended()).map(({ data, layer }) => [(data as { of: string }).of, layer])).toEqual([
      ['summary', 'session'],
      ['audit', 'execution'],
      ['compliance', 'compliance'],
      ['financial', 'compliance'],
    ]);
    for (const name of REPORTS) {
      const onReport = { ...DEFAULTS.onReport, [name]: false };
      const names = reportsIn(ended({ onReport })).map(({ data }) => (data as { of: string }).of);
      expect(names).toEqual(REPORTS.filter((each) => each !== name));
    }
  });

  test('the figures on record are those of the view of the session that ended', () => {
    const world = ended();
    const view = viewOf(world.session, 1, world.now);
    for (const { data } of reportsIn(world)) {
      const { of, figures } = data as { of: 'summary' | 'financial'; figures: unknown };
      if (of === 'summary' || of === 'financial') expect(figures).toEqual(figuresOf(view, of));
    }
    expect(figuresOf(view, 'summary')).toMatchObject({
      state: 'COMPLETED',
      calls: { taken: 1, outcomes: { succeeded: 1 }, open: 0 },
      effects: { made: 1, undone: 0 },
    });
  });

  test('every count names its records', () => {
    const world = World.running().pause().resume();
    const records = recordsIn(world);
    const { layers } = figuresOf(viewOf(world.session, 1, world.now), 'audit')!;
    for (const layer of ['session', 'execution', 'compliance'] as const)
      for (const [kind, { times, first, last }] of Object.entries(layers[layer])) {
        const those = records.filter((each) => each.kind === kind);
        expect([kind, those.length, those[0]?.n, those.at(-1)?.n]).toEqual([kind, times, first, last]);
      }
    expect(layers.session['transition']?.times).toBeGreaterThan(1);
  });

  test('money is as it is when the account is closed', () => {
    const world = priced({ auditCost: USD }, { 's.*': { call: USD } });
    world
      .do(callOf('a'))
      .ends('a', after(0))
      .later(3_600_000)
      .do({ type: 'complete', by: byOf('done') });
    const financial = reportsIn(world).find(({ data }) => (data as { of: string }).of === 'financial');
    expect(financial?.data).toMatchObject({ figures: { spent: 2 * USD, reserved: 0, parts: { session: USD } } });
  });

  test('a session that began before there were reports makes none, and goes on', () => {
    const world = World.running();
    const { tally: _, reporting: __, ...older } = world.session;
    world.session = upgraded(older as never);
    world.do({ type: 'complete', by: byOf('done') });
    expect(world.state.name).toBe('COMPLETED');
    expect(reportsIn(world)).toEqual([]);
    expect(figuresOf(viewOf(world.session, 1, world.now), 'summary')).toBeUndefined();
  });
});
