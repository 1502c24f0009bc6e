import { running } from './running.ts';
import type { Scenarios } from './running.ts';

export const AGENTS: Scenarios = {
  async agents(harness) {
    const id = await running(harness, { overrides: { session: { maxIdentical: 2, agentHeartbeat: '2s' } } });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const usage = { model: 'm', inputTokens: 1, outputTokens: 2, microUsd: 3 };
    await harness.until(id, ({ agentLostAt }) => agentLostAt !== null);
    await harness.custody.session(id).attach();
    await harness.custody.session(id).saveState({ step: 1 });
    await harness.custody.session(id).record({ kind: 'usage', text: 'by update', usage });
    await handle.signal('record', { kind: 'usage', text: 'by signal', usage });
    await handle.signal('saveState', { state: { step: 2 } });
    await handle.signal('heartbeat');
    for (let index = 0; index < 3; index += 1)
      await harness.custody
        .session(id)
        .call('journal.append', { text: 'again' })
        .catch(() => undefined);
    await harness.until(id, ({ cause }) => cause === 'incident');
    await handle.signal('resume', { actor: 'ann', reason: 'mended' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).call('journal.append', { text: 'again' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    return id;
  },
};
