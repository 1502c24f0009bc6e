/**
 * `node dist/bench/profile.js DIR`: where the processor time of each thread went, from the CPU profiles that
 * `npm run bench -- --cpu-prof DIR` wrote. Waiting is left out. A function's own time counts, without what it calls.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { count } from '../cli/io/parse.ts';

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const program = new Command('node dist/bench/profile.js')
  .argument('<dir>', 'the folder of the profiles')
  .option('--top <n>', 'functions of each thread', count, 25)
  .parse();

function print(file: string, { nodes, samples, timeDeltas }: Profile): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [owners, functions] = [new Map<string, number>(), new Map<string, number>()];
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || frame.functionName === '(idle)') return;
    const ms = (timeDeltas[index] ?? 0) / 1000;
    const source = sourceOf(frame);
    busy += ms;
    add(owners, ownerOf(source), ms);
    add(functions, `${frame.functionName || '(anonymous)'}  ${source}`, ms);
  });
  const share = ([what, ms]: [string, number]): string =>
    `  ${ms.toFixed(0).padStart(7)} ms ${((100 * ms) / busy).toFixed(1).padStart(5)} %  ${what}`;
  console.log(`\n${file}: ${busy.toFixed(0)} ms busy`);
  for (const entry of largest(owners)) console.log(share(entry));
  console.log('  by function:');
  for (const entry of largest(functions)) console.log(share(entry));
}

const add = (sums: Map<string, number>, key: string, ms: number): void => void sums.set(key, (sums.get(key) ?? 0) + ms);

const largest = (sums: ReadonlyMap<string, number>): [string, number][] =>
  [...sums].toSorted(([, one], [, other]) => other - one).slice(0, program.opts().top);

/** File and line, from the source map where code is bundled. */
function sourceOf({ url, lineNumber, columnNumber }: Frame): string {
  const found = url.endsWith('bundle.cjs') ? mapOf(url)?.findEntry(lineNumber, columnNumber) : undefined;
  const { originalSource: source = url, originalLine: line = lineNumber } = (found ?? {}) as Partial<SourceMapping>;
  const path = source.replace(/^(file|webpack):\/\//, '').replace(/^.*\/node_modules\//, '');
  const short = path.startsWith(process.cwd()) ? relative(process.cwd(), path).replace(/^dist\//, '') : path;
  return short === '' ? '' : `${short}:${line + 1}`;
}

const maps = new Map<string, SourceMap>();

function mapOf(url: string): SourceMap | undefined {
  const known = maps.get(url);
  if (known) return known;
  const [, data] = /sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(readFileSync(new URL(url), 'utf8')) ?? [];
  if (data === undefined) return undefined;
  const map = new SourceMap(
    JSON.parse(Buffer.from(data, 'base64').toString()) as ConstructorParameters<typeof SourceMap>[0],
  );
  maps.set(url, map);
  return map;
}

/** The package, or the folder of Custody. */
function ownerOf(source: string): string {
  if (source === '') return '(native code, garbage collection)';
  if (source.startsWith('node:')) return 'Node.js';
  const scoped = /^@[^/]+\/[^/]+/.exec(source);
  return scoped?.[0] ?? dirname(source).split('/').slice(0, 2).join('/');
}

const [dir] = program.processedArgs as [string];
for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted())
  if (file.endsWith('.cpuprofile')) print(file, JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile);
