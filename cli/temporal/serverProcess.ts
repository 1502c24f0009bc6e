import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that runs as our child, in a process group of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, with how it ended and its last lines. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL after 10 s. Settles when the process has ended; may be called again. */
  stop(): Promise<void>;
}

const STOP_GRACE = 10_000;
const KEPT_LINES = 20;

/**
 * Waits at the other end of a pipe from us. A line on it means that all is well; its end without one means that we are
 * gone, however that came about, and the server must go too.
 */
const WATCHDOG = 'read -r line && exit 0; kill -TERM "-$1"; sleep 10; kill -KILL "-$1"';

/**
 * Starts a server. It gets no signal meant for us (Ctrl+C in a terminal), and it does not outlive us, even if we die by
 * SIGKILL. The files that it makes are its user's alone.
 *
 * @throws Error when the program cannot be started at all.
 */
export async function startServerProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServerProcess> {
  const umask = process.umask(0o077);
  const child = spawn(command, args, {
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.umask(umask);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift();
    });
  }
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid!));
  });

  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'custody-watchdog', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {}); // No shell: then the server is only stopped by `stop`.
  watchdog.stdin.on('error', () => {});

  let running = true;
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      running = false;
      watchdog.stdin.end('\n');
      const how = signal === null ? `exit code ${code}` : `killed by ${signal}`;
      resolve([how, ...lines].join('\n'));
    });
  });

  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };

  return {
    pid,
    ended,
    async stop() {
      if (!running) return;
      signalGroup('SIGTERM');
      const patience = new AbortController();
      await Promise.race([ended, delay(STOP_GRACE, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      if (running) signalGroup('SIGKILL');
      await ended;
    },
  };
}
