import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutBrowser } from '../../audit/use/browser.ts';
import { Place, type Visit } from './visit.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures of the views go, for those who look at them. */
const PICTURES = process.env.CUSTODY_PICTURES;

const RULES = `
@id("appends") @approval("2") @says("Appends are looked at by two persons.")
forbid(principal, action == Action::"journal.append", resource);
@id("no-secrets") @says("Secrets are not to be set.")
forbid(principal, action == Action::"journal.upsert", resource) when { context.args.key == "secret" };
`;
const PROFILE = {
  cost: { budgetLimit: 10, executionCost: 0.5 },
  reviews: { session: 'person' },
  incidents: { denials: 2 },
};
const LONG = 'a-key-so-long-that-no-narrow-screen-has-room-for-it-'.repeat(4);

describe.skipIf(withoutBrowser !== undefined)('U2: each view of the console', () => {
  let place: Place;
  let views: readonly (readonly [name: string, path: string, shows: RegExp])[];
  beforeAll(async () => {
    place = await Place.open({ rules: RULES, profile: PROFILE });
    const { harness } = place.house;
    const id = await harness.running({ agent: { id: 'viewed', version: '1' }, labels: { team: 'green' } });
    const agent = harness.custody.as('desk-bot').session(id);
    await agent.call('journal.lookup', { key: LONG });
    await agent.call('journal.upsert', { key: 'a', value: '1' });
    for (const _ of [1, 2, 3]) await agent.call('journal.upsert', { key: 'secret', value: '1' });
    await agent.checkpoint('before');
    void agent.call('journal.append', { text: LONG }, { callId: 'c1' }).catch(() => undefined);
    await harness.until(id, ({ approvals }) => approvals.length === 1);
    const ending = await harness.running({ agent: { id: 'viewed', version: '1' } });
    await harness.custody.session(ending).complete();
    const { reviews } = await harness.until(ending, (view) => (view.reviews?.open.length ?? 0) > 0);
    views = [
      ['inbox', '', /journal\.append \(c1\)/],
      ['sessions', '/sessions', new RegExp(id)],
      ['session', `/sessions/${id}`, /journal\.lookup/],
      ['dialog', `/sessions/${id}`, /journal\.lookup/],
      ['approval', `/approvals/${id}/a1`, /irreversible: nothing undoes it/],
      ['review', `/reviews/${ending}/${reviews!.open[0]!.id}`, /What rules found/],
      ['cost', '/cost?agent=viewed', /By tool/],
      ['incidents', '/incidents', /denials/],
      ['connect', `/connect?session=${id}`, /Claude Desktop/],
    ];
  });
  afterAll(() => place?.close());

  async function seen(more: object, check: (visit: Visit, name: string) => Promise<unknown>, name: string) {
    const { token } = await place.house.token({ subject: 'ann', role: ['operator', 'approver', 'auditor'] });
    const visit = await place.enter(token, '', { bypassCSP: false, ...more });
    const found: Record<string, unknown> = {};
    for (const [view, path, shows] of views) {
      await visit.page.goto(`${place.gateway.url}/console${path}`);
      await visit.page.locator('main', { hasText: shows }).waitFor();
      found[view] = await check(visit, view);
      if (!PICTURES) continue;
      await mkdir(PICTURES, { recursive: true });
      await visit.page.screenshot({ path: `${PICTURES}/${view}-${name}.png`, fullPage: true });
    }
    expect(visit.noise).toEqual([]);
    return found;
  }
  const all = (value: unknown) => Object.fromEntries(views.map(([view]) => [view, value]));

  test.each(['light', 'dark'] as const)('can be used by everybody, in %s: axe finds nothing', async (colorScheme) => {
    const found = await seen(
      { colorScheme },
      async ({ page }, view) => {
        if (view === 'dialog') await page.getByRole('button', { name: 'Extend' }).click();
        // Of the devtools, as the policy of the page lets no script in.
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('Runtime.evaluate', { expression: AXE });
        const { result } = await devtools.send('Runtime.evaluate', {
          expression: 'axe.run().then((found) => JSON.stringify(found.violations))',
          awaitPromise: true,
        });
        const violations = JSON.parse(String(result.value)) as AxeResults['violations'];
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`.slice(0, 500));
      },
      colorScheme,
    );
    expect(found).toEqual(all([]));
  });

  test('fits on a phone: nothing is wider than 360 pixels', async () => {
    const found = await seen(
      { viewport: { width: 360, height: 740 } },
      ({ page }) => page.evaluate('document.documentElement.scrollWidth'),
      'phone',
    );
    expect(found).toEqual(all(360));
  });

  test('A2, A7: whether a history is whole is checked where it is asked for, and reports open beside it', async () => {
    const { token } = await place.house.token({ subject: 'ann', role: ['auditor'] });
    const [, path] = views.find(([name]) => name === 'session')!;
    const { page, noise } = await place.enter(token, path);
    await page.getByText('Nobody seals the sessions of its task queue').waitFor();
    await page.getByRole('button', { name: 'Check that its history is whole' }).click();
    await page.getByText('It is whole').waitFor();
    await page.getByRole('row', { name: /^events / }).waitFor();
    const [report] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('listitem').filter({ hasText: 'audit' }).getByRole('link', { name: 'html' }).click(),
    ]);
    await report.getByText(path.slice('/sessions/'.length)).first().waitFor();
    expect(noise).toEqual([]);
  });

  test('U2, L4: sessions of a list are paused together, for one reason, once it is said which they are', async () => {
    const { harness } = place.house;
    const agent = { id: 'bulk', version: '1' };
    const ids = [await harness.running({ agent }), await harness.running({ agent })];
    const { token } = await place.house.token({ subject: 'ann', role: ['operator'] });
    const { page, noise } = await place.enter(token, '/sessions?agent=bulk');
    for (const id of ids) await page.getByRole('link', { name: id }).waitFor();
    await page.getByText('Pause those of the list that run').click();
    const list = page.locator('.bulk');
    for (const id of ids) await list.getByText(id).waitFor();
    await list.getByLabel('Why, on record in each').fill('a fire drill');
    await list.getByRole('button', { name: 'Pause 2 sessions' }).click();
    for (const id of ids) {
      await list
        .getByRole('listitem')
        .filter({ hasText: id })
        .getByText(/paused, record \d+/)
        .waitFor();
      expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'PAUSED', reason: 'a fire drill' });
    }
    expect(noise).toEqual([]);
  });

  test('the plan of a rollback stands there before it is given, and what nothing undoes is named', async () => {
    const { token } = await place.house.token({ subject: 'ann', role: ['operator'] });
    const [, path] = views.find(([name]) => name === 'session')!;
    const { page } = await place.enter(token, path);
    await page.getByLabel('To which point').selectOption('');
    await page.getByRole('heading', { name: /^Back to the start/ }).waitFor();
    await page.getByText('stays').waitFor();
    expect(await page.getByRole('button', { name: 'Roll back' }).count()).toBe(1);
  });

  test('U2, L9: a session is forked from a checkpoint, and the fork is a link away', async () => {
    const { token } = await place.house.token({ subject: 'ann', role: ['operator'] });
    const [, path] = views.find(([name]) => name === 'session')!;
    const { page } = await place.enter(token, path);
    await page.getByLabel('To which point').selectOption('before');
    await page.getByRole('button', { name: 'Fork' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why, on record').fill('another way');
    await dialog.getByRole('button', { name: 'Fork' }).click();
    await page.getByRole('status').filter({ hasText: 'Forked as' }).getByRole('link').click();
    const fork = await page.getByRole('heading', { level: 1 }).textContent();
    const { parent } = await place.house.harness.custody.session(fork!).describe();
    expect(parent).toMatchObject({ id: path.slice('/sessions/'.length), at: 'before' });
  });

  test('a role that may not decide is not offered to', async () => {
    const { token } = await place.house.token({ subject: 'eve', role: ['auditor'] });
    const [, path] = views.find(([name]) => name === 'approval')!;
    const { page } = await place.enter(token, path);
    await page.getByText('To decide takes the role approver.').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const [, session] = views.find(([name]) => name === 'session')!;
    await page.goto(`${place.gateway.url}/console${session}`);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });
});
