/**
 * `npm run demo [-- --keep] [--address HOST:PORT]`: a session on real MCP servers that is paused, loses its worker in
 * the middle of two calls, reaches its deadline, is extended, rolls back to a checkpoint and completes. A line that
 * begins with `$` is something the demo does; every other line about the session is read from the session's own
 * records.
 */
import { parseArgs } from 'node:util';
import { Custody } from '../../client/index.ts';
import { printSummary, printTimeline, say } from './print.ts';
import { startStage } from './stage.ts';
import { play } from './story.ts';

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, address: { type: 'string' } } });

const stage = await startStage(values.address);
const custody = await Custody.connect({ address: stage.temporal.address, store: stage.store, actor: 'demo' });
let failed = true;
try {
  const id = await play(custody, stage);
  const view = await custody.session(id).wait();
  await printTimeline(custody, id);
  printSummary(view, stage.temporal.uiAddress);
  failed = view.state !== 'COMPLETED' || view.restarts !== 1;
  if (values.keep) {
    say(`Kept until Ctrl-C. Try: custody show ${id} --address ${stage.temporal.address}`);
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  }
} finally {
  await custody.close();
  await stage.stop();
}
process.exitCode = failed ? 1 : 0;
