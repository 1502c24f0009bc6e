import { expect, test } from 'vitest';
import { ann, as, bot, eve, setStage, stage, timeline } from '../identity/stage.ts';

setStage({ reviews: { compliance: 'person' } });

test('P4, A5: an auditor or approver reviews, proven; nobody else does', async () => {
  const session = as(ann).session((await as(ann).start(stage.spec())).id);
  await stage.until(session.id, ({ state }) => state === 'RUNNING');
  await session.complete({ reason: 'done' });
  await stage.until(session.id, ({ reviews }) => (reviews?.open.length ?? 0) > 0);
  const done = (who: ReturnType<typeof as>) => who.session(session.id).reviews.done('a1', 'looked at it');
  await expect(done(stage.custody)).rejects.toMatchObject({ code: 'PROOF_MISSING' });
  await expect(done(as(bot))).rejects.toMatchObject({ code: 'ROLE_MISSING' });
  await expect(done(as(ann))).rejects.toMatchObject({ code: 'APPROVAL_OWN' });
  await done(as(eve));
  expect(await session.wait()).toMatchObject({ state: 'COMPLETED' });
  expect((await timeline(session.id)).find(({ text }) => text.includes('a1 (1 of 1)'))).toMatchObject({
    kind: 'reviewed',
    by: 'eve',
    standing: 'proven',
  });
});
