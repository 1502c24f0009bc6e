/**
 * A process that moves in under a worker's name, says in a line of JSON which one it got, and stays until it is told to
 * leave: `tenant.js NAME STATE_DIR`. A line on stdin, and it says that it drained and ends.
 */
import { once } from 'node:events';
import { moveIn } from '../../worker/identity/home.ts';

const [name, dir] = process.argv.slice(2);
const home = await moveIn(name, dir);
process.stdout.write(`${JSON.stringify(home.identity)}\n`);
await once(process.stdin, 'data');
await home.drained();
await home.leave();
process.exit(0);
