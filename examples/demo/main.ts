/**
 * `npm run demo [-- --keep] [--address HOST:PORT]`: a session on real MCP servers that is paused, loses its worker in
 * the middle of two calls, reaches its deadline, is extended, rolls back to a checkpoint, is denied a call, waits for
 * an approval and for money, completes, and is sealed, verified and reported. A line that begins with `$` is something
 * the demo does; every other line about the session is one of its own records, or what the command above it printed.
 */
import { parseArgs } from 'node:util';
import { Custody } from '../../client/index.ts';
import { seal } from './evidence.ts';
import { printOpening, printSummary, say } from './print.ts';
import { startStage } from './stage.ts';
import { play } from './story.ts';

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, address: { type: 'string' } } });

printOpening();
const stage = await startStage({ address: values.address, hasUi: values.keep });
const custody = await Custody.connect({ address: stage.temporal.address, store: stage.store, actor: 'demo' });
let failed = true;
try {
  const id = await play(custody, stage);
  const view = await custody.session(id).wait();
  printSummary(view);
  await seal(stage, id);
  failed = view.state !== 'COMPLETED' || view.restarts !== 1;
  if (values.keep) {
    const { address, uiAddress } = stage.temporal;
    if (uiAddress) say(`In the Temporal UI: ${uiAddress}/namespaces/default/workflows/${id}`);
    say(`Kept until Ctrl-C. The whole record: npx custody show ${id} --address ${address}`);
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  } else say('To look at it afterwards, with the Temporal UI: npm run demo -- --keep');
} finally {
  if (failed) stage.explain();
  await custody.close();
  await stage.stop();
}
process.exitCode = failed ? 1 : 0;
