/**
 * `npm run bench [-- --only overBare|longSession|pausedSessions] [--json FILE]`: the figures of docs/benchmark.md.
 * Without `--only`, those that take a few minutes.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { longSession } from './longSession.ts';
import { overBare } from './overBare.ts';
import { pausedSessions } from './pausedSessions.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'overBare' },
    json: { type: 'string' },
    repetitions: { type: 'string', default: '5' },
    calls: { type: 'string', default: '10000' },
    callers: { type: 'string', default: '8' },
    sessions: { type: 'string', default: '1000' },
  },
});

function whole(name: 'repetitions' | 'calls' | 'callers' | 'sessions', least: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least) throw new TypeError(`--${name} takes a whole number from ${least}`);
  return value;
}

const PARTS: Readonly<Record<string, () => Promise<object>>> = {
  overBare: () => overBare(whole('repetitions', 1)),
  longSession: () => longSession(whole('calls', 1000), whole('callers', 1)),
  pausedSessions: () => pausedSessions(whole('sessions', 100)),
};

const part = PARTS[values.only];
if (!part) throw new TypeError(`--only takes ${Object.keys(PARTS).join(', ')}`);
const report = { ...(await part()), node: process.version, cores: cpus().length };
console.log(JSON.stringify(report, null, 2));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
