import { randomUUID } from 'node:crypto';
import { Custody } from '../../client/custody.ts';
import { temporalAddress } from '../support/temporal.ts';
import {
  type Background,
  custody,
  type Ended,
  type Folder,
  inBackground,
  operatorFolder,
  type Options,
  spec,
} from './harness.ts';

/** A namespace of the test file's own, a worker in it, and the command pointed at both. */
export interface Stage {
  readonly namespace: string;
  readonly folder: Folder;
  readonly worker: Background;
  /** The SDK on the same namespace, for all that a test does not try out. */
  readonly sdk: Custody;
  /** Runs the command as `ann`. */
  run(...args: string[]): Promise<Ended>;
  runWith(options: Options, ...args: string[]): Promise<Ended>;
  /** Runs it with --json; what it printed. */
  json<T>(...args: string[]): Promise<T>;
  /** Starts a session from a spec and waits until it has left INIT; its id. */
  start(fields?: object): Promise<string>;
  end(): Promise<void>;
}

export interface StageOptions {
  /** See `operatorFolder`. */
  readonly rules?: string;
  /** Changes the folder before the worker starts. */
  readonly prepare?: (folder: Folder) => Promise<unknown>;
}

export async function openStage({ rules, prepare }: StageOptions = {}): Promise<Stage> {
  const namespace = `cli-${randomUUID()}`;
  const where = ['--address', temporalAddress(), '--namespace', namespace];
  const folder = await operatorFolder(rules);
  await prepare?.(folder);
  const runWith = (options: Options, ...args: string[]) => custody([...args, ...where, '--actor', 'ann'], options);
  const run = (...args: string[]) => runWith({}, ...args);
  const made = await run('setup');
  if (made.code !== 0) throw new Error(made.stderr);
  const worker = await inBackground(['worker', '--config', folder.config, '--name', 'w', ...where], {
    env: { CUSTODY_STATE_DIR: folder.state },
  });
  const sdk = await Custody.connect({ address: temporalAddress(), namespace, actor: 'ann' });
  return {
    namespace,
    folder,
    worker,
    sdk,
    run,
    runWith,
    async json<T>(...args: string[]): Promise<T> {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0) throw new Error(`custody ${args.join(' ')}: exit code ${code}\n${stderr}${stdout}`);
      return JSON.parse(stdout) as T;
    },
    async start(fields = {}): Promise<string> {
      const { id } = await sdk.start(spec(fields) as never);
      for (;;) {
        const { state, code, reason } = await sdk.session(id).describe();
        if (state === 'FAILED') throw new Error(`${id}: ${code}: ${reason}`);
        if (state !== 'INIT') return id;
      }
    },
    async end(): Promise<void> {
      await sdk.close();
      await worker.stop();
      await folder.remove();
    },
  };
}
