import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';
import { startTimeSkipping } from '../support/time/timeSkipping.ts';

/** Sessions of days, on a server whose time skips. */
const environment: TestWorkflowEnvironment | undefined = await requireTool(
  'the test of the review after 24 h',
  startTimeSkipping,
);

describe.skipIf(environment === undefined)('a session of more than 24 h', () => {
  const env = environment as TestWorkflowEnvironment;
  let harness: Harness;
  beforeAll(async () => {
    const profile = { session: { timeout: '5d' }, reviews: { extra: 'person', due: '6h' } };
    harness = await Harness.start({ address: env.address, profile });
  });
  afterAll(async () => {
    await harness?.stop();
    await env?.teardown();
  });

  test('P4: is to be reviewed from hour 24 on, while it runs; late once, and done before it ends', async () => {
    const { id } = await harness.custody.start(harness.spec());
    const session = harness.custody.session(id);
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await env.sleep('23h');
    expect(await session.describe()).toMatchObject({ reviews: { open: [] } });
    await env.sleep('61m');
    const view = await harness.until(id, ({ reviews }) => (reviews?.open.length ?? 0) > 0);
    expect(view).toMatchObject({ state: 'RUNNING', reviews: { open: [{ causes: ['over-24h'] }] } });
    expect(await session.call('journal.append', { text: 'still at work' })).toMatchObject({ outcome: 'succeeded' });
    await env.sleep('7h');
    const found = [];
    for await (const { kind, text } of session.watch({ follow: false })) found.push(`${kind}: ${text}`);
    expect(found.filter((line) => line.startsWith('review-due'))).toEqual(['review-due: extra, by a person: over-24h']);
    expect(found.filter((line) => line.startsWith('notify: the extra review a1'))).toHaveLength(1);
    await session.complete();
    await harness.until(id, ({ state }) => state === 'AUDIT');
    await harness.custody.as('bob').session(id).reviews.done('a1', 'it works as it should');
    expect(await session.wait()).toMatchObject({ state: 'COMPLETED' });
  });
});
