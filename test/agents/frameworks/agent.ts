import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Workplace } from '../workplace.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
}

/** An agent of others, as its example in examples/agents has it. */
export interface Agent {
  /** With its version. */
  readonly name: string;
  /** Puts its example where it runs, and says what starts it on a task there, on the model at a URL. */
  command(at: Workplace, task: string, modelUrl: string): Promise<Command>;
}

export interface RunningAgent {
  /** What it wrote on stdout, once it has ended; fails where it ended otherwise than with 0. */
  readonly said: Promise<string>;
  /** SIGKILL for it and all that it started. */
  kill(): Promise<void>;
}

export async function startAgent(
  agent: Agent,
  at: Workplace,
  modelUrl: string,
  task = 'Do it.',
): Promise<RunningAgent> {
  const { file, args, env } = await agent.command(at, task, modelUrl);
  const child = spawn(file, args, {
    cwd: at.folder,
    env: { ...at.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const said = ended.then(([stdout, stderr, [code]]) => {
    if (code === 0) return stdout;
    throw new Error(`${agent.name} ended with ${String(code)}:\n${stdout}\n${stderr}`);
  });
  said.catch(() => undefined);
  return {
    said,
    async kill() {
      process.kill(-(child.pid as number), 'SIGKILL');
      await ended;
    },
  };
}
