import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { StdioServer } from '../server.ts';

/** What a server process inherits. Anything else of the worker's environment may be a secret of somebody else. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];
/** Milliseconds from the end of stdin to SIGTERM, and to SIGKILL. */
const TERM_AFTER = 1000;
const KILL_AFTER = 2000;
/** Milliseconds in which the last output of an ended process is still read. */
const DRAIN = 1000;
/** Bytes of stderr kept for error messages. */
const STDERR_TAIL = 2048;

const running = new Set<ServerProcess>();

function inheritedEnvironment(): Record<string, string> {
  const names = INHERITED.filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

/**
 * The process of a stdio server, leader of its own process group. The group ends with it, with `stop`, and with the
 * worker; should the worker be killed with SIGKILL, the end of stdin tells the server to go.
 */
export class ServerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  /** Fulfilled when the process has ended and its output was read, with a phrase that says how it ended. */
  readonly ended: Promise<string>;
  #stderr = '';

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    child.once('exit', () => {
      this.#signal('SIGKILL');
      running.delete(this);
      const drained = setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), DRAIN);
      child.once('close', () => clearTimeout(drained));
    });
    this.ended = once(child, 'close').then(([code, signal]) =>
      signal === null ? `ended with exit code ${String(code)}` : `was ended by ${String(signal)}`,
    );
    running.add(this);
  }

  /** Starts the command. Throws the system's error if it cannot be started. */
  static async start(server: StdioServer): Promise<ServerProcess> {
    const child = spawn(server.command, server.args, {
      cwd: server.cwd,
      env: { ...inheritedEnvironment(), ...server.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.on('error', () => {});
    await once(child, 'spawn');
    return new ServerProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdin(): ChildProcessWithoutNullStreams['stdin'] {
    return this.#child.stdin;
  }

  get stdout(): ChildProcessWithoutNullStreams['stdout'] {
    return this.#child.stdout;
  }

  /** The last lines that the process wrote to stderr. */
  get stderrTail(): string {
    return this.#stderr;
  }

  /** Ends the process as the specification says: end of stdin, SIGTERM, SIGKILL. Fulfilled when it is gone. */
  async stop(): Promise<void> {
    const timers = [
      setTimeout(() => this.#signal('SIGTERM'), TERM_AFTER),
      setTimeout(() => this.#signal('SIGKILL'), KILL_AFTER),
    ];
    this.#child.stdout.removeAllListeners('data').resume();
    this.#child.stdin.end();
    await this.ended;
    timers.forEach(clearTimeout);
  }

  /** Ends the whole process group at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // ESRCH: nobody of the group is left.
    }
  }
}

process.on('exit', () => running.forEach((server) => server.kill()));
