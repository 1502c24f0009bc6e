import { resetSession } from '../../support/reset.ts';
import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const RECOVERIES: Scenarios = {
  async recovered(harness) {
    const id = await running(harness);
    const slow = harness.custody
      .session(id)
      .call('journal.append', { text: 'slow', delayMs: 800 }, { callId: 'slow' })
      .catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'running'));
    await harness.custody.temporal.workflow.getHandle(id).terminate('pressed');
    await slow;
    await harness.custody.as('ann').session(id).recover({ reason: 'by mistake' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 0);
    await harness.custody.session(id).resume();
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async reset(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'a' }, { callId: 'a' });
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1));
    await harness.until(id, ({ resetAt }) => resetAt !== null);
    await harness.custody.session(id).cancel({ reason: 'enough' });
    await harness.custody.session(id).wait();
    return id;
  },

  async forked(harness) {
    const id = await running(harness);
    await harness.custody.session(id).checkpoint('one');
    const { id: fork } = await harness.custody.session(id).fork({ at: 'one', reason: 'the other way' });
    await harness.until(fork, ({ state }) => state === 'RUNNING');
    await harness.custody.session(fork).complete();
    await harness.custody.session(fork).wait();
    return fork;
  },
};
