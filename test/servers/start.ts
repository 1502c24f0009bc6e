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
  return (await startStandIn(file, args, port)).listening;
}

export interface StandIn {
  /** Settles once the server has the port. */
  readonly listening: Promise<RunningServer>;
}

/** As startHttpServer, but settles when the process is up, though another one has the port yet. */
export async function startStandIn(file: string, args: readonly string[], port: number): Promise<StandIn> {
  const child = spawn(process.execPath, [path(file), ...args, '--http', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said = async (): Promise<{ readonly url?: string; readonly pid: number }> => {
    const { value } = await lines.next();
    if (typeof value !== 'string') throw new Error(`${file} ended with ${String(await exited)} at start`);
    return JSON.parse(value) as { url?: string; pid: number };
  };
  const running = ({ url = '', pid }: { readonly url?: string; readonly pid: number }): RunningServer => ({
    server: { kind: 'http', name: file.replace('.mjs', ''), url, headers: {} },
    pid,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  });
  const first = await said();
  return { listening: first.url === undefined ? said().then(running) : Promise.resolve(running(first)) };
}
