import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const SERVERS: Scenarios = {
  async 'init-fails'(harness) {
    const { id } = await harness.custody.start(harness.spec({ servers: ['journal', 'nowhere'] }));
    await harness.custody.session(id).wait();
    return id;
  },

  async 'server-reopened'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.session(id).call('journal.append', { text: 'after' });
    await harness.custody.session(id).pause({ reason: 'a look' });
    await harness.custody.session(id).resume({ reason: 'on' });
    await harness.custody.session(id).call('journal.append', { text: 'on the same' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },

  async 'worker-restarted'(harness) {
    const id = await running(harness);
    await harness.custody.session(id).call('journal.append', { text: 'before' });
    await harness.stopWorker();
    await harness.startWorker();
    await harness.custody.session(id).call('journal.append', { text: 'after' });
    await harness.custody.temporal.workflow.getHandle(id).cancel();
    await harness.custody.session(id).wait();
    return id;
  },
};
