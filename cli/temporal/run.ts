import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Milliseconds after which the program is killed. */
  readonly timeout?: number;
  /** Gets each line of the program's output and errors as it comes. */
  readonly onLine?: (line: string) => void;
}

/** The lines of a failed program that its error repeats. */
const KEPT_LINES = 8;

/**
 * Runs a program to its end and answers its output lines (standard output and error as they came).
 *
 * @throws Error whose message says why: not found, killed, or its exit code with its last lines.
 */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.env as NodeJS.ProcessEnv,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeout,
      killSignal: 'SIGKILL',
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(error.code === 'ENOENT' ? `\`${command}\` is not installed` : error.message, { cause: error }));
    });
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(lines);
      const end = signal === null ? `exit code ${code}` : `killed by ${signal}`;
      reject(
        new Error(`\`${command}\` failed (${end}): ${lines.slice(-KEPT_LINES).join(' | ') || 'it printed nothing'}`),
      );
    });
  });
}
