/**
 * An agent that Custody did not start, as a process that may be killed at any moment:
 *
 *   node agentProcess.js ADDRESS TASK_QUEUE SESSION
 *
 * It makes five calls one after the other, the third of which lasts until its gate `agent` is open. Before each it
 * saves where it is; started again, it goes on from what it finds. It prints what it found as one line of JSON, and
 * ends when its work is done.
 */
import { Custody } from '../../../client/index.ts';

const STEPS = 5;
/** Makes the saved state too large for the session itself, so that it goes by way of the payload store. */
const NOTES = 'what the agent has thought so far. '.repeat(100);

const [address, taskQueue, id = ''] = process.argv.slice(2);
const custody = await Custody.connect({ address, taskQueue, actor: 'agent' });
const found = await custody.session(id).attach();
process.stdout.write(`${JSON.stringify(found)}\n`);
const { next } = (found.agentState as { readonly next: number } | null) ?? { next: 0 };
for (let step = next; step < STEPS; step += 1) {
  await custody.session(id).saveState({ next: step, notes: NOTES });
  await custody
    .session(id)
    .call(
      'journal.append',
      { text: `step ${step}`, ...(step === 2 ? { gate: 'agent' } : {}) },
      { callId: `step-${step}` },
    );
}
await custody.session(id).record({ kind: 'decision', text: 'all is done' }, { commandId: 'done' });
await custody.close();
