/** `npm run bench`: the figures of docs/benchmark.md, as JSON. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import { count } from '../cli/io/parse.ts';
import { PARTS, partsOf, type Part } from './parts.ts';

const program = new Command('npm run bench --')
  .description('Measure what docs/benchmark.md describes. Everything takes about a quarter of an hour on two cores.')
  .option('--only <key>', `a key of the report: ${PARTS.map(({ keys }) => keys.join(', ')).join(', ')}`)
  .option('--json <file>', 'write the report there as well, after each part')
  .option('--repetitions <n>', 'of each figure; else 3, and 1 of long and of paused sessions', count)
  .option('--calls <n>', 'of the long session, at least 1000', count, 10_000)
  .option('--callers <n>', 'of the long session', count, 8)
  .option('--sessions <n>', 'that are paused, at least 80', count, 1000)
  .option('--cpu-prof <dir>', 'write a CPU profile of each thread of the workers: see docs/benchmark.md')
  .parse();
const { only, json, ...settings } = program.opts();
if (settings.calls < 1000) program.error('--calls takes a whole number from 1000 on');
if (settings.sessions < 80) program.error('--sessions takes a whole number from 80 on');
const parts = only === undefined ? PARTS : partsOf(only);
if (parts.length === 0) program.error(`--only takes a key of the report, and '${only}' is none: see --help`);

type Tree = { [key: string]: unknown };
const report: Tree = { node: process.version, cores: cpus().length };
for (const part of parts) {
  const measured = await part.measure(settings);
  const tree = nested(part, measured);
  console.log(JSON.stringify(tree, null, 2));
  merge(report, tree);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
}

/** What a part measured, under its keys. */
function nested({ keys: [first = '', ...more] }: Part, measured: object): Tree {
  if (more.length > 0) return { ...measured };
  return first.split('.').reduceRight<object>((value, key) => ({ [key]: value }), measured) as Tree;
}

function merge(into: Tree, tree: Tree): void {
  for (const [key, value] of Object.entries(tree)) {
    const there = into[key];
    into[key] = typeof there === 'object' ? { ...there, ...(value as object) } : value;
  }
}
