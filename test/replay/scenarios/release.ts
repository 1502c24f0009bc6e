import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { receiving } from './notices.ts';
import { running, type Scenarios } from './running.ts';

const usage = { model: 'm', inputTokens: 10, outputTokens: 5, microUsd: 300_000 };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

export const RELEASE: Scenarios = {
  /** What 0.1.0 leaves on record: traced calls, a large answer, an approval, a denial, money, and reviews of it. */
  release: async (harness) => {
    const overrides = { cost: { budgetLimit: 0.5 }, reviews: { execution: 'person', compliance: 'person' } };
    const id = await running(harness, { overrides });
    const session = harness.custody.session(id);
    const others = harness.custody.as('bob').session(id);
    await session.call('journal.upsert', { key: 'a', value: '1' }, { callId: 'traced', traceparent });
    await session.call('journal.big', { bytes: 100_000 }, { callId: 'large' });
    await session.call('journal.upsert', { key: 'b', value: 'never' }, { callId: 'denied' });
    const asked = session.call('journal.upsert', { key: 'c', value: 'look' }, { callId: 'approved' });
    const { approvals } = await harness.until(id, (view) => view.approvals.length > 0);
    const [{ id: approval, digest } = { id: '', digest: '' }] = approvals;
    await others.approvals.approve(approval, digest, { reason: 'fine' });
    await asked;
    await session.record({ kind: 'usage', text: 'a model', usage });
    await session.topUp('10', { reason: 'worth it' });
    await session.complete({ reason: 'done' });
    const { reviews } = await harness.until(id, (view) => (view.reviews?.open.length ?? 0) >= 2);
    for (const review of reviews?.open ?? []) await others.reviews.done(review.id, 'as it should be');
    await session.wait();
    return id;
  },

  /** What went wrong in it and was seen to: an incident with its notices, an effect undone, and a call in doubt. */
  'release-trouble': (harness) =>
    receiving(harness, [503], 2, async () => {
      await mkdir(join(harness.dir, 'files', '.trash'), { recursive: true });
      const overrides = { incidents: { denials: 3 }, onIncident: { notify: true, pause: true } };
      const id = await running(harness, { servers: ['journal', 'files'], overrides });
      const session = harness.custody.session(id);
      const others = harness.custody.as('bob').session(id);
      const isRunning = () => harness.until(id, ({ state }) => state === 'RUNNING');
      for (const callId of ['denied-1', 'denied-2', 'denied-3'])
        await session.call('journal.upsert', { key: 'a', value: 'never' }, { callId });
      await harness.until(id, ({ state }) => state === 'PAUSED');
      await others.closeIncident('i1', { reason: 'the prompt was mended' });
      await isRunning();
      await session.checkpoint('good', { reason: 'before anything was written' });
      await session.call('files.write_file', { path: 'wrong.txt', content: 'wrong' }, { callId: 'wrong' });
      await session.rollback({ to: 'good', reason: 'the wrong file' });
      await harness.until(id, ({ state }) => state === 'PAUSED');
      await session.resume({ reason: 'it is gone' });
      await isRunning();
      const doubtful = session.call('journal.append', { text: 'timeout', delayMs: 5000 }, { callId: 'doubtful' });
      await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
      await others.resolve('doubtful', 'failed', { reason: 'not in the books' });
      await doubtful;
      await session.complete({ reason: 'done' });
      await session.wait();
      return id;
    }),
};
