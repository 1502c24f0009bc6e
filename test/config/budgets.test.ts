import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { periodAt } from '../../activities/budgets/period.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { budgetsIn } from '../../worker/budgets.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-budgets-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const load = async (budgets: object) => {
  const path = join(dir, 'custody.yaml');
  const servers = { s: { command: 'true' } };
  await writeFile(path, JSON.stringify({ servers, profiles: { standard: {} }, budgets }));
  return loadOperatorConfig(path);
};

describe('C1: budgets in custody.yaml', () => {
  test.each([
    [{ limit: 1, per: 'day' }, 'is missing: name the time zone'],
    [{ limit: 1, per: 'total', timeZone: 'UTC' }, 'says nothing: a budget that is for all time'],
    [{ limit: 1, per: 'month', timeZone: 'Mars/Base' }, 'is no time zone'],
    [{ limit: 1, per: 'month', timeZone: '+01:00' }, 'is no time zone'],
    [{ limit: 1, per: 'week', timeZone: 'UTC' }, 'must be one of'],
    [{ limit: 1, per: 'total', slice: 0.001 }, 'must be at least 0.01 USD'],
    [{ limit: 1, per: 'total', by: 'label' }, 'must be agent, profile or label:NAME'],
    [{ limit: 1, per: 'total', for: { agents: [] } }, 'names nothing'],
    [{ limit: 1, per: 'total', every: 1 }, 'is not a known key'],
  ])('%j is refused, with what to write', async (rule, text) => {
    await expect(load({ team: rule })).rejects.toThrow(text);
  });

  test('a session draws on those that apply to it, each by its key; one without the label has a pot, too', async () => {
    const { budgets } = await load({
      all: { limit: 5, per: 'total' },
      agents: { limit: 1, per: 'total', by: 'agent', slice: 0.5 },
      teams: { limit: 0.5, per: 'total', by: 'label:team' },
      docs: { limit: 1, per: 'total', for: { labels: { team: 'docs' }, profiles: ['standard'] } },
    });
    const { budgetsFor, budget } = budgetsIn(budgets);
    const of = (labels: { readonly [name: string]: string }) =>
      budgetsFor({ agent: 'w/1', profile: 'standard', labels }).map(({ id, slice }) => `${id} ${slice}`);
    expect(of({ team: 'docs' })).toEqual(['all 50000', 'agents/w/1 500000', 'teams/docs 10000', 'docs 10000']);
    expect(of({})).toEqual(['all 50000', 'agents/w/1 500000', 'teams/ 10000']);
    expect(budget('agents/w/1')).toEqual({ limit: 1_000_000, per: 'total' });
    expect(budget('agent')).toBeUndefined();
  });
});

describe('C1: days and months of a time zone', () => {
  const at = (text: string): number => Date.parse(text);
  test.each([
    ['day', 'UTC', '2026-11-28T00:00:00.000Z', '2026-11-28', '2026-11-28T00:00:00.000Z', '2026-11-29T00:00:00.000Z'],
    [
      'day',
      'Asia/Kolkata',
      '2026-11-27T18:29:59.999Z',
      '2026-11-27',
      '2026-11-26T18:30:00.000Z',
      '2026-11-27T18:30:00.000Z',
    ],
    // The clock goes forward: the day has 23 hours; back: 25.
    [
      'day',
      'Europe/Berlin',
      '2026-03-29T12:00:00.000Z',
      '2026-03-29',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'day',
      'Europe/Berlin',
      '2026-10-25T12:00:00.000Z',
      '2026-10-25',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ],
    [
      'month',
      'America/New_York',
      '2026-03-01T04:59:59.999Z',
      '2026-02',
      '2026-02-01T05:00:00.000Z',
      '2026-03-01T05:00:00.000Z',
    ],
  ] as const)('a %s in %s at %s is %s', (per, timeZone, instant, key, from, until) => {
    expect(periodAt({ per, timeZone }, at(instant))).toEqual({ key, from: at(from), until: at(until) });
  });

  test('all time has one period', () => {
    expect(periodAt({ per: 'total' }, at('2026-01-01'))).toEqual({ key: 'total', from: 0, until: null });
  });
});
