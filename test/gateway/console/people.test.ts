import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutBrowser } from '../../audit/use/browser.ts';
import { Place } from './visit.ts';

const RULES = `
@id("appends") @approval("1") @says("Appends are looked at.")
forbid(principal, action == Action::"journal.append", resource) unless { context.args.text like "two*" };

@id("pairs") @approval("2") @says("These are looked at by two.")
forbid(principal, action == Action::"journal.append", resource) when { context.args.text like "two*" };

@id("plans") @approval("1") @says("The second version is looked at.")
forbid(principal, action == Action::"journal.upsert", resource) when { context.args.value like "*2*" };
`;
const UPSERT = {
  effect: 'compensable',
  undo: {
    before: { tool: 'lookup', args: { key: '${args.key}' } },
    restore: { tool: 'upsert', args: { key: '${args.key}', value: '${before.content.0.text}' } },
  },
};
const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>\u202E';

describe.skipIf(withoutBrowser !== undefined)('U2: a person at the console', () => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.open({ rules: RULES, tools: { 'journal.upsert': UPSERT } });
  });
  afterAll(() => place?.close());

  const personCalled = async (subject: string) =>
    (await place.house.token({ subject, role: ['operator', 'approver'] })).token;

  /** A session of whose calls one waits for people. */
  async function asking(text: string) {
    const { harness } = place.house;
    const id = await harness.running();
    const answer = harness.custody.as('desk-bot').session(id).call('journal.append', { text }, { callId: 'c1' });
    answer.catch(() => undefined);
    await harness.until(id, ({ approvals }) => approvals.length === 1);
    return { id, answer };
  }

  test('comes in by the link that the process printed, which is used up then', async () => {
    const { page, noise, context } = await place.visit(place.gateway.link);
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    expect(page.url(), 'the secret does not stay in the address').toBe(`${place.gateway.url}/console`);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })')).toBe('{}');
    expect(noise).toEqual([]);
    const other = await place.visit(place.gateway.link);
    await other.page.getByText('This link was used already').waitFor();
  });

  test('is told why a key is not taken', async () => {
    const { page } = await place.visit();
    await page.fill('#token', 'cst_nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('TOKEN_INVALID').waitFor();
    expect(await page.getByRole('button', { name: 'Log out' }).count()).toBe(0);
  });

  test('approves by keyboard alone what was shown in full, and sees what became of it', async () => {
    const { id, answer } = await asking(`keys ${MARKUP}`);
    const { page, noise } = await place.enter(await personCalled('ann'));
    await page.locator(`a[href$="/approvals/${id}/a1"]`).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Decide' }).waitFor();
    expect(await page.locator(':focus').innerText(), 'nothing that decides has the focus').toContain('journal.append');
    expect(await page.getByRole('group', { name: 'Arguments' }).innerText()).toContain('keys <img src=x onerror=');
    await page.getByLabel(/^Reason/).focus();
    await page.keyboard.type('looks right');
    await page.keyboard.press('Enter');
    expect((await place.house.harness.custody.session(id).describe()).approvals).toHaveLength(1);
    for (let times = 0; times < 9; times += 1) {
      await page.keyboard.press('Tab');
      if ((await page.locator(':focus').innerText()) === 'Approve') break;
    }
    await page.keyboard.press('Enter');
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    await page.getByRole('heading', { name: 'What became of it' }).waitFor();
    await page.getByText('a1 approved').waitFor();
    await page.getByRole('group', { name: 'Answer' }).getByText('appended keys').waitFor();
    expect(await page.locator('img, script:not(head > script)').count()).toBe(0);
    expect(await page.locator('main').innerText()).not.toContain('\u202E');
    expect(noise, 'that it is not asked any more').toEqual([expect.stringContaining('409')]);
  });

  test('rejects with a reason, without which nothing is rejected; the agent reads it', async () => {
    const { id, answer } = await asking('reject me');
    const { page } = await place.enter(await personCalled('ann'), `/approvals/${id}/a1`);
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('A no needs a reason').waitFor();
    await page.keyboard.type('ask the customer first');
    await page.getByRole('button', { name: 'Reject' }).click();
    await expect(answer).resolves.toMatchObject({
      outcome: 'refused',
      error: { code: 'APPROVAL_REJECTED', message: 'ann rejected it: ask the customer first' },
    });
  });

  test('sees 1 of 2, and that somebody else decided meanwhile', async () => {
    const { id, answer } = await asking('two of us');
    const ann = await place.enter(await personCalled('ann'), `/approvals/${id}/a1`);
    const bob = await place.enter(await personCalled('bob'), `/approvals/${id}/a1`);
    await ann.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await ann.page.getByText('Your yes is on record.').waitFor();
    await bob.page.getByText('1 of 2').waitFor();
    await ann.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await ann.page.getByText('APPROVAL_TWICE').waitFor();
    await bob.page.getByRole('button', { name: 'Approve', exact: true }).click();
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    await ann.page.getByText(/a1 approved.*by bob/).waitFor();
    expect(await ann.page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
  });

  test('approves with other arguments, as a call of its own', async () => {
    const { id, answer } = await asking('with typo');
    const { page } = await place.enter(await personCalled('ann'), `/approvals/${id}/a1`);
    await page.getByText('Approve with other arguments').click();
    await page.getByLabel('Arguments, a JSON object').fill('{"text": ');
    await page.getByRole('button', { name: 'Approve with these' }).click();
    await page.getByText('ARGUMENTS_UNREADABLE').waitFor();
    await page.getByLabel('Arguments, a JSON object').fill('{"text": "without typo"}');
    await page.getByRole('button', { name: 'Approve with these' }).click();
    await answer;
    await expect.poll(() => place.house.harness.phasesOf('without typo'), { timeout: 30_000 }).toBe('begin end');
    expect(place.house.harness.phasesOf('with typo')).toBe('');
  });

  test('sees what would change line by line, and undoes it by a plan that is shown first', async () => {
    const { harness } = place.house;
    const id = await harness.running();
    const agent = harness.custody.as('desk-bot').session(id);
    await agent.call('journal.upsert', { key: 'plan', value: 'one\ntwo\nthree' });
    await agent.checkpoint('first');
    const answer = agent.call('journal.upsert', { key: 'plan', value: 'one\n2\nthree' });
    await harness.until(id, ({ approvals }) => approvals.length === 1);
    const { page, noise } = await place.enter(await personCalled('ann'), `/approvals/${id}/a1`);
    const changes = page.getByRole('group', { name: 'Changes of value' });
    expect(await changes.innerText()).toBe('value\n@@ -1 +1 @@\n one\n-two\n+2\n three\n');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    await page.goto(`${place.gateway.url}/console/sessions/${id}`);
    await page.getByLabel('To which point').selectOption('first');
    await page.getByRole('heading', { name: 'Back to first: 1 step' }).waitFor();
    expect(JSON.parse(await page.getByLabel('Arguments of upsert').innerText())).toMatchObject({
      value: 'one\ntwo\nthree',
    });
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Roll back' }).click();
    expect((await agent.describe()).effects.undone, 'it needs a reason').toBe(0);
    await page.keyboard.type('the first was right');
    await page.locator('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.locator('.facts').getByText('2 made, 1 undone').waitFor();
    const last = harness.journal().findLast(({ tool, phase }) => tool === 'upsert' && phase === 'end');
    expect(last?.args).toMatchObject({ key: 'plan', value: 'one\ntwo\nthree' });
    expect(noise.filter((each) => !each.includes('409'))).toEqual([]);
  });

  test('pauses and resumes a session with a reason, and sees it happen without asking again', async () => {
    const { harness } = place.house;
    const id = await harness.running();
    const { page, noise } = await place.enter(await personCalled('ann'), `/sessions/${id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.locator('dialog :focus').getAttribute('name')).toBe('reason');
    await page.keyboard.type("it's lunch");
    await page.getByText('The same on the command line').click();
    expect(await page.getByLabel('The same with custody').innerText()).toBe(
      `custody pause ${id} --reason 'it'\\''s lunch'`,
    );
    await page.locator('dialog').getByRole('button', { name: 'Pause' }).click();
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await page.getByText('is paused').waitFor();
    await page.locator('.log').getByText("RUNNING -> PAUSED (operator): it's lunch").waitFor();
    await harness.custody.as('bob').session(id).resume({ reason: 'back' });
    await page.locator('.facts').getByText('RUNNING').waitFor();
    await page.locator('.log').getByText('by bob (claimed)').first().waitFor();
    expect(noise).toEqual([]);
  });

  test('finds sessions by filters that stand in the address', async () => {
    const { harness } = place.house;
    // Others use this Temporal as well, and a list has its newest.
    const agent = { id: 'filtered', version: '1' };
    const id = await harness.running({ agent, labels: { team: 'green' } });
    const other = await harness.running({ agent, labels: { team: 'red' } });
    const { page } = await place.enter(await personCalled('ann'), '/sessions?agent=filtered');
    await page.getByRole('link', { name: other }).waitFor();
    await page.getByLabel('Label').fill('team:green');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: other }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: id }).waitFor();
    expect(page.url()).toContain('label=team%3Agreen');
    await page.reload();
    await page.getByRole('link', { name: id }).waitFor();
    expect(await page.getByRole('link', { name: other }).count()).toBe(0);
  });
});
