import { fileURLToPath } from 'node:url';
import { running } from './running.ts';
import type { Scenarios } from './running.ts';

const asking = (revision: string): object => ({
  command: process.execPath,
  args: [
    fileURLToPath(new URL('../../servers/asking.mjs', import.meta.url)),
    '--revision',
    revision,
    '--journal',
    '/dev/null',
  ],
});

/** The servers that ask, by name. */
export const ASKING_SERVERS = { modern: asking('2026-07-28'), legacy: asking('2025-11-25') };

export const QUESTIONS: Scenarios = {
  async 'asked-and-answered'(harness) {
    const id = await running(harness, { servers: ['modern'] });
    const answer = harness.custody.session(id).call('modern.order', {}, { callId: 'order' });
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody
      .session(id)
      .respond('order', {})
      .catch(() => undefined);
    await harness.custody.session(id).respond('order', { confirm: true }, { reason: 'as agreed' });
    await answer;
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'asked-and-withdrawn'(harness) {
    const id = await running(harness, { servers: ['legacy'] });
    void harness.custody
      .session(id)
      .call('legacy.order', {}, { callId: 'order' })
      .catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'awaiting_input');
    await harness.custody.session(id).cancel({ reason: 'not needed any more' });
    await harness.custody.session(id).wait();
    return id;
  },
};
