import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const CONTINUE_AS_NEW: Scenarios = {
  async 'continue-as-new'(harness) {
    const id = await running(harness, {}, { eventsPerRun: 40 });
    for (let index = 0; index < 8; index += 1)
      await harness.custody.session(id).call('journal.append', { text: `${index}` }, { callId: `c${index}` });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },
};
