import type { Scenarios } from './running.ts';

export const DEADLINES: Scenarios = {
  async 'deadline-extended'(harness) {
    const { id } = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '2s', gracePeriod: '20s' } } }),
    );
    await harness.until(id, ({ cause }) => cause === 'timeout');
    await harness.custody.session(id).extend(3_600_000, { reason: 'more to do' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'deadline-timeout'(harness) {
    const { id } = await harness.custody.start(
      harness.spec({ overrides: { session: { timeout: '1s', gracePeriod: '1s' } } }),
    );
    await harness.custody.session(id).wait();
    return id;
  },
};
