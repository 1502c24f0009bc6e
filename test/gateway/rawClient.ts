import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { until } from '../support/until.ts';
import type { Desk } from './desk.ts';

export interface Response {
  readonly id: unknown;
  readonly result?: { readonly isError?: boolean; readonly [member: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string };
}

/** An MCP client without an SDK, which says what it is told, line by line, to a `custody mcp` of its own. */
export class RawClient {
  readonly #child: ChildProcessWithoutNullStreams;
  /** Every response so far, in the order in which they came. */
  readonly responses: Response[] = [];
  stderr = '';

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    createInterface(child.stdout).on('line', (line) => {
      const message = JSON.parse(line) as Response & { readonly method?: string };
      if (message.method === undefined) this.responses.push(message);
    });
  }

  /** @param args of `custody mcp` */
  static start(desk: Desk, ...args: string[]): RawClient {
    const { command, args: all, env } = desk.command(...args);
    return new RawClient(spawn(command, all, { env, stdio: 'pipe' }));
  }

  /** As a client of revision 2025-11-25 begins. */
  async initialize(): Promise<this> {
    const clientInfo = { name: 'raw', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    await this.ask(JSON.stringify({ jsonrpc: '2.0', id: 'hello', method: 'initialize', params }));
    this.say('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    return this;
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.#child.stdin.write(`${line}\n`);
  }

  /** Says the lines, and waits for one response to each. */
  async ask(...lines: readonly string[]): Promise<readonly Response[]> {
    const before = this.responses.length;
    this.say(...lines);
    await until(`${lines.length} responses to ${lines.join(' ').slice(0, 2000)}`, () => {
      return this.responses.length >= before + lines.length;
    });
    return this.responses.slice(before);
  }

  /** Hangs up. Fulfilled with the exit code once the process has ended by itself. */
  async hangUp(): Promise<unknown> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    const [code] = (await ended) as [unknown];
    return code;
  }

  /** Ends the process, if it has not ended. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
