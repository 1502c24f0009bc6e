import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/**
 * Where a faulty worker dies, in the order in which a call that must not be repeated passes: `before-mark`, connected
 * and nothing sent; `after-mark`, Temporal has the sending mark and no byte has left; `after-answer`, the tool has
 * answered and nobody else knows; `after-keep`, the outcome is on disk and Temporal does not know it.
 *
 * `in-proof`, a worker was asked to check a proof, and has not said what it found.
 *
 * `notice-unpassed`, notices stand on record and nobody delivers them yet; `notice-passed`, the workflow that does has
 * them, and the session does not know it.
 *
 * `budget-unasked` and `budget-answered`, around the word of a session to a budget that it shares.
 *
 * In a rollback: before and after a compensation is made, before its outcome is reported, and around pages of the undo
 * log.
 */
export type Point =
  'before-mark' | 'after-mark' | 'after-answer' | 'after-keep' | 'in-proof' | BudgetPoint | NoticePoint | RollbackPoint;

export type NoticePoint = 'notice-unpassed' | 'notice-passed';
export type BudgetPoint = 'budget-unasked' | 'budget-answered';

export const ROLLBACK_POINTS = [
  'undo-before',
  'undo-after',
  'undo-unreported',
  'page-unwritten',
  'page-written',
  'page-unread',
  'page-read',
] as const;
export type RollbackPoint = (typeof ROLLBACK_POINTS)[number];

/** A line that a faulty worker writes. */
export type WorkerReport =
  { readonly ready: true; readonly name: string } | { readonly stopping: true } | { readonly struck: Point };

export interface WorkerProcessOptions {
  readonly config: string;
  readonly address: string;
  readonly taskQueue: string;
  readonly name: string;
  /** Where it keeps what must survive it. */
  readonly state: string;
  readonly fault?: Point | undefined;
  readonly maxCalls?: number | undefined;
}

export interface WorkerProcess {
  readonly pid: number;
  /** The name that it got; another one than asked for while that is in use. */
  readonly name: string;
  /** Settles when the process has ended. */
  readonly exited: Promise<Exit>;
  /** SIGKILL, unless it is gone already. */
  kill(): Promise<Exit>;
  /** SIGTERM: a planned stop. Settles when it has drained. */
  stop(): Promise<Exit>;
  /** Settles when it has been told to stop, and before it has drained. */
  readonly stopping: Promise<void>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The point at which the process killed itself, if it did. */
  readonly struck: Point | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

const SCRIPT = fileURLToPath(new URL('../../../dist/test/support/processes/faultyWorker.js', import.meta.url));
/** The file descriptor on which a worker reports; Temporal's SDK logs to stdout. */
export const REPORTS = 3;
/** Last lines of a worker's log that an error shows. */
const KEPT_LINES = 20;

/** Starts a worker and waits until it runs. The caller ends it, with `kill` or `stop`. */
export async function startWorkerProcess({
  config,
  address,
  taskQueue,
  name,
  state,
  fault,
  maxCalls,
}: WorkerProcessOptions): Promise<WorkerProcess> {
  if (!existsSync(SCRIPT))
    throw new Error(`${SCRIPT} is not there: workers run as they are built. Run \`npm run build\` first.`);
  const child = spawn(
    process.execPath,
    [
      SCRIPT,
      '--config',
      config,
      '--address',
      address,
      '--task-queue',
      taskQueue,
      '--name',
      name,
      '--state',
      state,
      ...(maxCalls === undefined ? [] : ['--max-calls', String(maxCalls)]),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...(fault === undefined ? { CUSTODY_FAULT: undefined } : { CUSTODY_FAULT: fault }) },
    },
  );
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as Readable }).on('line', (line) => {
      if (log.push(line) > KEPT_LINES) log.shift();
    });
  }
  let struck: Point | null = null;
  let told = (): void => {};
  const stopping = new Promise<void>((resolve) => {
    told = resolve;
  });
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdio[REPORTS] as Readable }).on('line', (line) => {
      const report = JSON.parse(line) as WorkerReport;
      if ('ready' in report) resolve(report.name);
      else if ('stopping' in report) told();
      else struck = report.struck;
    });
  });
  const exited = exitOf(child).then((exit) => ({ ...exit, struck }));
  const failed = exited.then(({ code, signal }) => {
    throw new Error(`Worker ${name} ended before it ran (${signal ?? `exit code ${code}`}):\n${log.join('\n')}`);
  });
  const given = await Promise.race([ready, failed]);
  failed.catch(() => {});
  const end = (signal: NodeJS.Signals) => (): Promise<Exit> => {
    child.kill(signal);
    return exited;
  };
  return { pid: child.pid as number, name: given, exited, kill: end('SIGKILL'), stop: end('SIGTERM'), stopping };
}

/** `close` comes after the last report; the moment of death is that of `exit`. */
const exitOf = (child: ChildProcess): Promise<Omit<Exit, 'struck'>> =>
  new Promise((resolve, reject) => {
    let at = 0;
    child.once('error', reject);
    child.once('exit', () => {
      at = Date.now();
    });
    child.once('close', (code, signal) => resolve({ code, signal, at }));
  });
