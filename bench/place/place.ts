import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedTemporal } from '../../cli/temporal/embedded.ts';
import { Custody } from '../../client/custody.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { startProcess, type WorkerProcess } from './child.ts';

/** Where benchmarks play: a dev server, a client, and workers, each a process of its own. */
export interface Place {
  /** `host:port` of Temporal. */
  readonly address: string;
  /** A folder that goes with the place. */
  readonly dir: string;
  readonly custody: Custody;
  /** Writes the operator's file that workers started from now on read. */
  configure(config: object): Promise<void>;
  startWorker(name: string, maxCached?: number): Promise<WorkerProcess>;
  /** A worker of another kind. @param script the module, relative to bench/; it gets the address as first argument */
  startOther(script: string, ...args: readonly string[]): Promise<WorkerProcess>;
  /** Sees to it that something ends before the place does. */
  owns(stop: () => unknown): void;
}

/** Opens a place, lets work be done there, and closes it whatever happens. @param cpuProf folder for CPU profiles */
export async function at<T>(cpuProf: string | undefined, work: (place: Place) => Promise<T>): Promise<T> {
  const owned: (() => unknown)[] = [];
  const [done] = await Promise.allSettled([open(cpuProf, owned).then(work)]);
  const failures: unknown[] = done.status === 'rejected' ? [done.reason] : [];
  for (const stop of owned.toReversed()) await (async () => stop())().catch((error: unknown) => failures.push(error));
  if (done.status === 'fulfilled' && failures.length === 0) return done.value;
  throw failures[0];
}

async function open(cpuProf: string | undefined, owned: (() => unknown)[]): Promise<Place> {
  const temporal = await startEmbeddedTemporal({
    headless: true,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: (line) => console.error(line),
  });
  owned.push(() => temporal.stop());
  const { address } = temporal;
  const dir = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  owned.push(() => rm(dir, { recursive: true, force: true }));
  const custody = await Custody.connect({ address, store: join(dir, 'payloads'), actor: 'bench' });
  owned.push(() => custody.close());
  const start = async (script: string, kind: string, args: readonly string[]): Promise<WorkerProcess> => {
    const child = await startProcess(script, args, cpuProf && join(cpuProf, kind));
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= child.stop());
    owned.push(stop);
    return { ...child, stop };
  };
  return {
    address,
    dir,
    custody,
    configure: (config) => writeFile(join(dir, 'custody.yaml'), JSON.stringify(config)),
    startWorker: (name, maxCached) =>
      start('place/worker.js', 'custody', [address, dir, name, ...(maxCached ? [String(maxCached)] : [])]),
    startOther: (script, ...args) => start(script, 'bare', [address, ...args]),
    owns: (stop) => void owned.push(stop),
  };
}
