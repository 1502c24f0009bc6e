import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../audit/report/model.ts';
import { costsBy } from '../../../cli/cost/groups.ts';
import { csvOf } from '../../../cli/cost/show.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from '../stage.ts';

/** Of a call of `journal.append`: its timeout is 3 s, so it may cost 0.31 USD. The layers cost nothing. */
const MONEY = {
  prices: { calls: { 'journal.append': { call: 0.01, second: 0.1 }, 'journal.lookup': { call: 0.002 } } },
  profiles: {
    standard: {
      session: { autoResume: true },
      cost: { auditCost: 0, executionCost: 0, complianceCost: 0, budgetLimit: 0.1 },
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    prepare: async ({ config }) => {
      const before = JSON.parse(await readFile(config, 'utf8')) as object;
      await writeFile(config, JSON.stringify({ ...before, ...MONEY }));
    },
  });
});
afterAll(() => stage?.end());

describe('U1, C2: top-up', () => {
  test('show says what is missing and how to add it; the command adds it, and the call goes on', async () => {
    const id = await stage.start();
    const session = stage.sdk.session(id);
    const call = session.call('journal.append', { text: 'x' }, { callId: 'a' });
    await until('it waits for money', async () => (await session.describe()).money?.missing ?? undefined);
    const { stdout } = await stage.run('show', id);
    expect(stdout).toContain('0 USD of 0.1 USD spent, 0 USD reserved, 0.1 USD free');
    expect(stdout).toContain('0.21 USD for the call a');
    expect(stdout).toContain(`$ custody top-up ${id} --by 0.21 --reason "why"`);
    const { code, stdout: done } = await stage.run('top-up', id, '--by', '0.21', '--reason', 'worth it');
    expect([code, done]).toEqual([0, expect.stringContaining(`${id}: RESUMING`)]);
    expect(await call).toMatchObject({ outcome: 'succeeded' });
  });

  test.each(['0', '-1', '1 USD', '0.0000001', 'much'])(
    'an amount of %s is refused before anything is sent',
    async (by) => {
      const { code, stderr } = await stage.run('top-up', 'nobody', `--by=${by}`, '--reason', 'x');
      expect([code, stderr]).toEqual([2, expect.stringContaining('Write an amount in USD above 0')]);
    },
  );
});

describe('A7: custody report', () => {
  test('makes a report from the records of sessions, in each form, and writes it to a file', async () => {
    const id = await stage.start();
    const session = stage.sdk.session(id);
    await session.call('journal.lookup', { key: 'a' }, { callId: 'a' });
    await session.complete({ reason: 'done' });
    await session.wait();
    const { stdout } = await stage.run('report', id);
    expect(stdout).toMatch(/^Summary report\n\nSESSIONS\n[^]*COMPLETED[^]*\nCALLS BY OUTCOME\n[^]*succeeded +1 +\d/);
    const report = await stage.json<Report>('report', id, '--kind', 'financial');
    const figureOf = (section: string, row: string) =>
      report.sections.find((each) => each.id === section)?.rows.find(({ name }) => name === row)?.figures[0];
    expect(figureOf('spent', 'total')?.value).toBe(2000);
    const file = join(await mkdtemp(join(tmpdir(), 'custody-')), 'report.html');
    const written = await stage.run('report', id, '--kind', 'compliance', '--format', 'html', '-o', file);
    expect([written.code, written.stderr]).toEqual([0, expect.stringContaining(file)]);
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/i);
    expect((await stage.run('report', 'nobody')).stderr).toMatch(/^SESSION_NOT_FOUND/);
  });

  test('what a session reported of itself at its end follows from its records', async () => {
    const id = await stage.start();
    const session = stage.sdk.session(id);
    for (const callId of ['a', 'b']) await session.call('journal.lookup', { key: callId }, { callId });
    await session.pause({ reason: 'wait' });
    await session.resume({ reason: 'go on' });
    await session.complete({ reason: 'done' });
    await session.wait();
    for (const kind of REPORTS) {
      const { sections } = await stage.json<Report>('report', id, '--kind', kind);
      const { rows, isAlarming } = sections.find((each) => each.id === 'stated')!;
      expect([kind, rows.length > 0, isAlarming]).toEqual([kind, true, undefined]);
      expect(rows.map(({ name, figures }) => [name, figures.at(-1)?.value])).toEqual(
        rows.map(({ name }) => [name, 'yes']),
      );
    }
  });
});

describe('C4: custody cost', () => {
  test('sums sessions up, by session, tool or label, as a table, JSON and CSV', async () => {
    const ids = await Promise.all([
      stage.start({ labels: { team: 'pay' } }),
      stage.start({ labels: { team: '=1+1' } }),
    ]);
    for (const id of ids)
      for (const callId of ['a', 'b']) await stage.sdk.session(id).call('journal.lookup', { key: callId }, { callId });
    const { stdout } = await stage.run('cost', ...ids);
    expect(stdout).toMatch(/^SESSION +SESSIONS +SPENT +CALLS +RECORDED +SESSION +EXECUTION +COMPLIANCE +RESERVED/);
    expect(stdout).toMatch(/^total +2 +0\.008 +0\.008 /m);
    const { rows, total } = await stage.json<{ rows: object[]; total: object }>('cost', ...ids, '--by', 'tool');
    expect(rows).toMatchObject([{ name: 'journal.lookup', sessions: 2, spent: 8000, parts: { calls: 8000 } }]);
    expect(total).toMatchObject({ sessions: 2, spent: 8000 });
    const csv = await stage.run('cost', ...ids, '--by', 'label', '--csv');
    expect(csv.stdout).toBe(
      [
        '"label","sessions","spent","calls","recorded","session","execution","compliance","reserved"',
        '"team==1+1","1","0.004","0.004","0","0","0","0","0"',
        '"team=pay","1","0.004","0.004","0","0","0","0","0"',
        '',
      ]
        .join('\r\n')
        .replace(/\r\n$/, '\n'),
    );
  });

  test('names what did not say what it costs, and lists those that were started lately', async () => {
    const { stdout } = await stage.run('cost', 'nobody', '--by', 'agent');
    expect(stdout).toContain('No session costs anything.\nnobody did not say what it costs: ');
    const id = await stage.start();
    await until(
      'it is listed',
      async () => (await stage.run('cost', '--since', '1h')).stdout.includes(id) || undefined,
    );
  });
});

test('C4: a name that a spreadsheet would take for a formula is a text there', () => {
  const money = null;
  const session = {
    id: '=cmd()',
    state: 'RUNNING',
    agent: { id: 'a', version: '1' },
    profile: 'p',
    labels: {},
  } as const;
  const rows = costsBy([{ ...session, startedAt: '2026-01-01T00:00:00.000Z', money }], 'session');
  expect(csvOf(rows, 'session').split('\r\n')[1]).toBe(`"'=cmd()","1","0","0","0","0","0","0","0"`);
  expect(costsBy([{ ...session, startedAt: '2026-01-01T23:59:00.000Z', money }], 'day')).toMatchObject([
    { name: '2026-01-01' },
  ]);
});
