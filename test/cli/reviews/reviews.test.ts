import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AllReviews } from '../../../client/index.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { custody, spec } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    prepare: async ({ write, config }) => {
      const given = JSON.parse(await readFile(config, 'utf8')) as object;
      const profiles = { standard: { reviews: { compliance: 'person', due: '2h' } } };
      await write('custody.yaml', { ...given, profiles });
    },
  });
});
afterAll(() => stage?.end());

const asBob = (...args: string[]) =>
  custody([...args, '--address', temporalAddress(), '--namespace', stage.namespace, '--actor', 'bob']);
const asked = (id: string) =>
  expect
    .poll(async () => (await stage.sdk.session(id).reviews.list())?.open.length, { timeout: 15_000 })
    .toBeGreaterThan(0);

describe('P4: `custody reviews`', () => {
  test('lists what waits, says in `show` what for, and does it', async () => {
    const id = await stage.start();
    const completed = await stage.run('complete', id, '--reason', 'draft accepted');
    expect(completed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: AUDIT/),
      stderr: expect.stringContaining(`It ends once persons have reviewed it: \`custody reviews ${id}`),
    });
    await asked(id);
    await expect.poll(async () => (await stage.run('reviews')).stdout, { timeout: 20_000 }).toContain(`${id}/a1`);
    const { stdout } = await stage.run('reviews', id);
    expect(stdout).toMatch(/REVIEW +WHAT +OF +SINCE +DUE +DONE +WHY\n.*compliance review +ann \(claimed\)/);
    expect(stdout).toContain('it is about to end as COMPLETED: draft accepted');
    expect((await stage.run('reviews', id, '--overdue')).stdout).toContain('No review is to be done.');
    expect((await stage.run('reviews', id, '--mine')).stdout).toContain('No review is to be done.');
    const found = JSON.parse((await asBob('reviews', id, '--mine', '--json')).stdout) as AllReviews;
    expect(found.reviews).toMatchObject([{ session: id, id: 'a1', review: 'compliance', isOverdue: false }]);
    expect((await stage.run('approvals')).stdout).not.toContain(id);
    const shown = (await stage.run('show', id)).stdout;
    expect(shown).toMatch(/The compliance review waits for a person, due in (2h|1h59m)/);
    expect(shown).toContain(`$ custody reviews done ${id}/a1 --finding "what you found"`);
    const doing = ['reviews', 'done', `${id}/a1`, '--finding', 'wrote to the wrong customer', '--objection'];
    expect(await stage.run(...doing)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^APPROVAL_OWN/) });
    expect(await asBob(...doing)).toMatchObject({ code: 0 });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
    expect((await stage.run('show', id)).stdout).toContain(
      'compliance by bob: objection; bob: wrote to the wrong customer',
    );
  });

  test('`custody run` says what it waits for, and ends once that is done', async () => {
    const file = await stage.folder.write('session.json', spec({ plan: [{ wait: '1ms' }] }));
    const id = 'run-1';
    const run = stage.run('run', file, '--id', id);
    await expect
      .poll(
        () =>
          stage.sdk
            .session(id)
            .reviews.list()
            .catch(() => null),
        { timeout: 30_000 },
      )
      .toMatchObject({ open: [{ id: 'a1' }] });
    await stage.sdk.as('bob').session(id).reviews.done('a1', 'as it should be');
    expect(await run).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/review-asked +a1: compliance review by 1 person[^]*as it should be[^]*COMPLETED/),
    });
  });

  test.each([
    [['reviews', 'done', 'a1', '--finding', 'x'], "'a1' names no approval or review"],
    [['reviews', 'done', 's/a1'], "required option '--finding <text>' not specified"],
  ])('U4: %j is a usage error', async (args, sentence) => {
    expect(await stage.run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});
