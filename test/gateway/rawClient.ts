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

  /** Says requests, and waits for one response to each: under its id, or under null where it has none. */
  async ask(...lines: readonly string[]): Promise<readonly Response[]> {
    const before = this.responses.length;
    this.say(...lines);
    const came = (): readonly Response[] => this.responses.slice(before);
    try {
      await until(`${lines.length} responses`, () => came().length >= lines.length);
    } catch (error) {
      throw new Error(`No response to ${unanswered(lines, came()).join('\n').slice(0, 5000)}`, { cause: error });
    }
    const without = unanswered(lines, came());
    if (without.length > 0) throw new Error(`Not one response of its own: ${without.join('\n').slice(0, 5000)}`);
    return came();
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

function unanswered(lines: readonly string[], responses: readonly Response[]): readonly string[] {
  const rest = responses.map(({ id }) => JSON.stringify(id));
  return lines.filter((line) => {
    const { id } = JSON.parse(line.replace(/^\uFEFF/, '')) as { readonly id: unknown };
    const at = rest.indexOf(typeof id === 'string' || typeof id === 'number' ? JSON.stringify(id) : 'null');
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
