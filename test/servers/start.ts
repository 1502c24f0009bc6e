import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HttpServer, StdioServer } from '../../mcp/server.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A test server of this folder as a stdio entry, to be started by the connection under test. */
export const stdioServer = (file: string, ...args: string[]): StdioServer => ({
  kind: 'stdio',
  name: file.replace('.mjs', ''),
  command: process.execPath,
  args: [path(file), ...args],
  env: {},
  cwd: process.cwd(),
});

export interface RunningServer {
  readonly server: HttpServer;
  readonly pid: number;
  /** Ends the process with SIGKILL. Fulfilled when it is gone. */
  kill(): Promise<void>;
}

/** Starts a test server of this folder over HTTP, by default on a free port. */
export async function startHttpServer(file: string, args: readonly string[], port = 0): Promise<RunningServer> {
  const child = spawn(process.execPath, [path(file), ...args, '--http', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as [unknown];
  if (typeof line !== 'string') throw new Error(`${file} ended with ${String(line)} at start`);
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  return {
    server: { kind: 'http', name: file.replace('.mjs', ''), url, headers: {} },
    pid,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
