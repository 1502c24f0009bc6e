import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { Desk } from './desk.ts';

let desk: Desk;
let [agent, operator, auditor]: string[] = [];
let id = '';
beforeAll(async () => {
  const options = {
    rules: '@id("appends")\npermit(principal, action == Action::"journal.append", resource);',
    profile: { cost: { auditCost: 0, executionCost: 0, complianceCost: 0, budgetLimit: 5 }, reviews: {} },
    config: {
      prices: { calls: { 'journal.append': { call: 0.1 } } },
      budgets: { team: { limit: 3, per: 'total', slice: 0.1 } },
    },
  };
  desk = await Desk.open(options);
  [agent, operator, auditor] = [
    await desk.key('agent'),
    await desk.key('operator'),
    await desk.key(['auditor', 'approver'], 'eve'),
  ];
});
afterAll(() => desk?.close());

type Items = readonly { readonly [name: string]: unknown }[];
const at = (path: string): string => `/sessions/${id}${path}`;
const command = (name: string, body: object = {}, key = operator): Promise<Record<string, unknown>> =>
  desk.post(key!, at(`/commands/${name}`), body);

describe('G4: a session from its start to its end, over the API', () => {
  test('is started once under a key, by its spec', async () => {
    const start = (spec: object) =>
      desk.ask(agent!, '/sessions', {
        method: 'POST',
        body: { spec, reason: 'a try' },
        headers: { 'idempotency-key': 'run-1' },
      });
    const spec = desk.house.harness.spec({ labels: { run: 'life' } });
    const [first, again] = [await start(spec), await start(spec)];
    expect([first.status, again.status]).toEqual([201, 201]);
    ({ id } = (await first.json()) as { id: string });
    expect(await again.json()).toEqual({ id });
    expect((await start(desk.house.harness.spec())).status).toBe(409);
    await desk.post(agent!, '/sessions', { spec, id }, 409);
    const bad = await desk.post(agent!, '/sessions', { spec: { ...spec, servers: [] } }, 400);
    expect(bad).toMatchObject({ error: { code: 'SPEC_INVALID' } });
    await desk.house.harness.until(id, ({ state }) => state === 'RUNNING');
    expect(await desk.get(operator!, at(''))).toMatchObject({ startedBy: { actor: 'agent', reason: 'a try' } });
    const { labels, ...rest } = spec;
    expect(await desk.get(operator!, at('/spec'))).toMatchObject({ ...rest, labels: { ...labels } });
    expect(await desk.get(operator!, at('/pins'))).toHaveProperty('journal.tools.append');
  });

  test('makes a call once under its id, and tells of it', async () => {
    const call = { target: 'journal.append', args: { text: 'one' }, callId: 'c1' };
    const answer = await desk.post(agent!, at('/calls'), call);
    expect(answer).toMatchObject({ callId: 'c1', outcome: 'succeeded' });
    expect(await desk.post(agent!, at('/calls'), call)).toEqual(answer);
    expect(await desk.get(agent!, at('/calls/c1/answer'))).toEqual(answer);
    expect(desk.house.harness.phasesOf('one')).toBe('begin end');
    const other = await desk.post(agent!, at('/calls'), { ...call, args: { text: 'two' } }, 409);
    expect(other).toMatchObject({ error: { code: 'CALL_ID_REUSED' } });
    expect(await desk.get(auditor!, at('/calls/c1'))).toMatchObject({ asked: { args: { text: 'one' } }, answer });
    const { calls } = await desk.get(auditor!, at('/calls'));
    expect(calls).toMatchObject([{ callId: 'c1', asked: { args: { text: 'one' } } }]);
    await desk.get(agent!, at('/calls/none/answer'), 404);
    await command('pause');
    const waits = { target: 'journal.append', args: { text: 'later' }, callId: 'c2' };
    const hasty = await Desk.before(desk.house, { parkAfter: 1500 });
    expect(await hasty.post(agent!, at('/calls'), waits, 202)).toEqual({ callId: 'c2' });
    expect(await hasty.get(agent!, at('/calls/c2/answer'), 202)).toEqual({ callId: 'c2' });
    await hasty.leave();
    await command('resume');
    await until('it has its answer', async () => (await desk.ask(agent!, at('/calls/c2/answer'))).status === 200);
    expect(desk.house.harness.phasesOf('later')).toBe('begin end');
    const refused = await desk.post(agent!, at('/calls'), { target: 'journal.none', args: {} }, 404);
    expect(refused).toMatchObject({ error: { code: 'UNKNOWN_TOOL' } });
  });

  test('goes back to a checkpoint, and is forked from it', async () => {
    await command('checkpoint', { name: 'here' });
    await desk.post(agent!, at('/calls'), { target: 'journal.append', args: { text: 'three' } });
    const { steps } = await desk.get(operator!, at('/rollback?to=here'));
    expect(steps).toMatchObject([{ server: 'journal', tool: 'append', undo: null }]);
    const fork = await desk.post(operator!, at('/fork'), { at: 'here', reason: 'the other way' }, 201);
    expect(await desk.get(operator!, `/sessions/${String(fork.id)}`)).toMatchObject({ parent: { id, at: 'here' } });
    expect(await desk.get(operator!, `/sessions/${String(fork.id)}/spec`)).toBe(null);
    await desk.post(operator!, at('/fork'), { at: 'nowhere' }, 404);
    expect(await desk.post(operator!, at('/recover'), {}, 409)).toMatchObject({
      error: { code: 'NOTHING_TO_RECOVER' },
    });
  });

  test('keeps what its agent says of itself', async () => {
    await command('saveState', { state: { page: 7 } }, agent);
    await desk.post(agent!, at('/commands/saveState'), {}, 400);
    await command('record', { kind: 'decision', text: 'the cheaper carrier', data: { euros: 12 } }, agent);
    await command('heartbeat', {}, agent);
    expect(await command('attach', {}, agent)).toMatchObject({ agentState: { page: 7 }, view: { id } });
  });

  test('is steered by its operator, who is told what does not fit', async () => {
    expect(await command('extend', { by: '1h', reason: 'slow' })).toHaveProperty('deadlineAt');
    await desk.post(operator!, at('/commands/extend'), { by: 'soon' }, 400);
    await command('topUp', { usd: '2.5' });
    const none = async (name: string, body: object) =>
      ((await desk.post(operator!, at(`/commands/${name}`), body, 404)).error as { code: string }).code;
    expect(await none('resolve', { callId: 'c9', as: 'succeeded' })).toBe('CALL_NOT_FOUND');
    expect(await none('respond', { callId: 'c9', with: { a: 1 } })).toBe('CALL_NOT_FOUND');
    expect(await none('closeIncident', { incident: 'i9', reason: 'x' })).toBe('INCIDENT_NOT_FOUND');
    expect(await none('rollback', { to: 'nowhere' })).toBe('CHECKPOINT_NOT_FOUND');
  });

  test('tells what it costs, and what is waited for', async () => {
    const { sessions } = await desk.get(auditor!, `/costs?session=${id}`);
    expect(sessions).toMatchObject([{ id, money: { spent: 300_000 } }]);
    const { budgets } = await desk.get(auditor!, '/budgets');
    expect((budgets as Items).map((each) => each.id)).toEqual(['team']);
    const changed = await desk.post(operator!, '/budgets/team', { limit: '7', reason: 'the launch' });
    expect(changed).toMatchObject({ id: 'team', limit: 7_000_000 });
    await desk.post(operator!, '/budgets/team', { reason: 'neither' }, 400);
    await desk.get(auditor!, '/budgets/daily%2Fwriter', 404);
    expect(await desk.get(auditor!, '/reviews?overdue=true')).toMatchObject({ reviews: [] });
    await desk.post(auditor!, at('/reviews/a9'), { finding: 'in order' }, 404);
    const incidents = async (query = '') => (await desk.get(auditor!, `/incidents?session=${id}${query}`)).incidents;
    expect(await incidents()).toMatchObject([{ session: id, id: 'i1', what: 'unknown-tool' }]);
    await command('closeIncident', { incident: 'i1', reason: 'a slip' });
    expect(await incidents()).toEqual([]);
    expect(await incidents('&all=true')).toMatchObject([{ id: 'i1' }]);
    expect(await desk.get(auditor!, `/notices?session=${id}`)).toEqual([]);
  });

  test('has its records, reports and rules to be read', async () => {
    const all: unknown[] = [];
    for (let after: unknown = 0; after !== undefined;) {
      const page: Record<string, unknown> = await desk.get(auditor!, at(`/records?limit=10&after=${String(after)}`));
      all.push(...(page.records as Items));
      after = page.next;
    }
    const { records } = await desk.get(auditor!, at('/records?limit=1000'));
    expect(all).toEqual(records);
    const compliance = await desk.get(auditor!, at('/records?layer=compliance&limit=1000'));
    expect(compliance.records).toEqual((records as Items).filter(({ layer }) => layer === 'compliance'));
    expect(await desk.get(auditor!, at('/evidence'))).toMatchObject({ isKept: false, sealed: null });
    expect(await desk.get(auditor!, at('/evidence/check'))).toMatchObject({ session: id, isWhole: true });
    for (const kind of ['summary', 'audit', 'compliance', 'financial']) {
      expect(await desk.get(auditor!, at(`/reports/${kind}`))).toMatchObject({ kind });
      for (const [format, type] of [
        ['md', 'text/markdown'],
        ['html', 'text/html'],
        ['csv', 'text/csv'],
      ]) {
        const report = await desk.ask(auditor!, at(`/reports/${kind}?format=${format}`));
        expect([report.status, report.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
        expect(report.headers.get('content-security-policy')).toContain('sandbox');
        expect((await report.text()).length).toBeGreaterThan(100);
      }
    }
    const { attempts } = await desk.post(auditor!, '/policy/explain', { session: id, callId: 'c1' });
    expect(attempts).toMatchObject([{ callId: 'c1', rules: [{ id: 'appends' }] }]);
    const coverage = await desk.get(agent!, '/policy/coverage');
    expect(coverage).toMatchObject({ profiles: [{ profile: 'standard' }], closed: [] });
  });

  test('ends, and stays to be read', async () => {
    await command('complete', { reason: 'done' }, agent);
    await desk.house.harness.until(id, ({ outcome }) => outcome === 'COMPLETED');
    await until('it is over', async () => (await desk.get(auditor!, at('/state'))).ended);
    expect(await desk.post(operator!, at('/commands/pause'), {}, 410)).toMatchObject({
      error: { code: 'SESSION_ENDED' },
    });
    const pages: string[] = [];
    for (let query = '?label=run:life&limit=1'; ;) {
      const { sessions, next } = await desk.get(auditor!, `/sessions${query}`);
      pages.push(...(sessions as Items).map((each) => String(each.id)));
      if (next === undefined || pages.length > 5) break;
      query = `?label=run:life&limit=1&cursor=${String(next)}`;
    }
    expect(pages).toContain(id);
    expect(new Set(pages).size).toBe(pages.length);
  });
});
