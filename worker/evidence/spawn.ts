import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from 'pino';
import { isObject } from '../../protocol/values/json.ts';
import { builtFile } from '../temporal/bundle.ts';
import type { SealerOptions } from './sealer.ts';

/** Between the end of a sealer and the start of the next, in milliseconds. */
const PAUSE = 5000;
const GRACE = 15_000;
const PROGRAM = builtFile('worker/evidence/sealerProcess.js');

export type ToSealer = Omit<SealerOptions, 'log'> & { readonly level: string };
/** A line of its log, or that it takes work. */
export type FromSealer = { readonly line: string } | { readonly runs: true };

/** Seals in a process of its own, which is started again whenever it ends. */
export interface SpawnedSealer {
  stop(): Promise<void>;
}

interface Spawning {
  /** Milliseconds after which a sealer is killed that was to stop and did not. */
  readonly grace?: number;
  readonly program?: string;
}

/** Starts it. It says so at `debug`, with its process id. */
export function spawnSealer(
  { log, ...options }: SealerOptions,
  { grace = GRACE, program = PROGRAM }: Spawning = {},
): SpawnedSealer {
  const own = log.child({ process: 'sealer' });
  let child: ChildProcess | undefined;
  let again: NodeJS.Timeout | undefined;
  let isOver = false;
  const start = (): void => {
    const started = fork(program, [], { serialization: 'advanced' });
    child = started;
    started.on('message', (message: FromSealer) => {
      if ('line' in message) repeat(own, message.line);
      else own.debug({ pid: started.pid }, 'the sealer runs');
    });
    started.on('error', (error) => own.warn({ error: error.message }, 'the sealer fails'));
    started.once('exit', (code, signal) => {
      child = undefined;
      if (isOver) return;
      own.warn({ code, signal, again: PAUSE }, 'the sealer ended, and is started again');
      again = setTimeout(start, PAUSE);
    });
    const { connection, namespace, taskQueue, store, deployment, name } = options;
    const { dir, evidence, deployment: keys, store: folder, principals } = options.config;
    const config = {
      dir,
      ...(evidence && { evidence }),
      ...(keys && { deployment: keys }),
      ...(folder && { store: folder }),
      ...(principals && { principals }),
    };
    const told: ToSealer = { connection, namespace, taskQueue, store, deployment, name, config, level: log.level };
    started.send(told, (error) => error && own.warn({ error: error.message }, 'the sealer cannot be told what to do'));
  };
  start();
  return {
    async stop() {
      isOver = true;
      clearTimeout(again);
      if (!child || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      const last = setTimeout(() => child?.kill('SIGKILL'), grace);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(last);
    },
  };
}

/** Writes a line of the sealer's log to that of its worker. */
function repeat(log: Logger, line: string): void {
  const said: unknown = JSON.parse(line);
  if (!isObject(said)) return;
  const { level, msg, ...fields } = said;
  const name = Object.entries(log.levels.values).find(([, value]) => value === level)?.[0] ?? 'info';
  log[name as 'info'](fields, String(msg ?? ''));
}
