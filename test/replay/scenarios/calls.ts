import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const CALLS: Scenarios = {
  async plan(harness) {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.upsert', as: 'set', args: { key: 'a', value: '1' } },
          {
            parallel: [
              { call: 'journal.append', args: { text: '${set.content.0.text}' } },
              { wait: 30 },
              { call: 'journal.lookup', args: { key: 'a' } },
            ],
          },
          { call: 'journal.fail', onError: 'continue' },
        ],
      }),
    );
    await harness.custody.session(id).wait();
    return id;
  },

  async 'pause-resume-calls'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'x' });
    await harness.custody.session(id).pause({ reason: 'a break' });
    const waiting = harness.custody.session(id).call('journal.append', { text: 'y' }, { callId: 'y' });
    await harness.until(id, ({ openCalls }) => openCalls.length === 1);
    await harness.custody.temporal.workflow.getHandle(id).signal('resume', { actor: 'ann', reason: 'on' });
    await waiting;
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'large-values'(harness) {
    const text = 'large '.repeat(20_000);
    const id = await running(harness, {
      plan: [
        { call: 'journal.append', args: { text } },
        { call: 'journal.big', args: { bytes: 100_000 }, as: 'big' },
      ],
      keepOpen: true,
    });
    await harness.custody.session(id).call('journal.append', { text }, { callId: 'large' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'refused-commands'(harness) {
    const id = await running(harness);
    const handle = harness.custody.temporal.workflow.getHandle(id);
    await handle.signal('dance');
    await handle.signal('extend', { by: 7 });
    await handle.signal('pause', ['no', 'object']);
    await harness.custody
      .session(id)
      .resume()
      .catch(() => undefined);
    await harness.custody
      .session(id)
      .call('journal.nothing')
      .catch(() => undefined);
    await harness.custody.session(id).cancel({ reason: 'enough' });
    await harness.custody.session(id).wait();
    return id;
  },

  async 'in-doubt-resolved'(harness) {
    const id = await running(harness);
    const append = harness.custody
      .session(id)
      .call('journal.append', { text: 'timeout', delayMs: 5000 }, { callId: 't' });
    await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
    await harness.custody.session(id).complete();
    await harness.custody.session(id).resolve('t', 'failed', { reason: 'not in the books' });
    await append;
    await harness.custody.session(id).wait();
    return id;
  },
};
