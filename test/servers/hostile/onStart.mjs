import { spawn } from 'node:child_process';
import { state } from './state.mjs';

/** What each mode does before it is asked anything, over stdio. @type {Record<string, () => void>} */
export const ON_START = {
  garbage: () => setInterval(() => process.stdout.write('Listening on port 3000 ...\n'), 1),
  'garbage-once': () => process.stdout.write('Listening on port 3000 ...\n'),
  'die-at-start': () => {
    process.stderr.write('no licence file found\n', () => process.exit(3));
  },
  'tell-secret-and-die': () => {
    process.stderr.write(`the token ${process.env.TOKEN} has expired\n`, () => process.exit(3));
  },
  'stderr-flood': () => {
    const flood = () => void process.stderr.write('x'.repeat(64 * 1024), () => setImmediate(flood));
    flood();
  },
  stubborn: () => {
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);
    state.grandchild = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], {
      stdio: 'inherit',
    }).pid;
  },
};
