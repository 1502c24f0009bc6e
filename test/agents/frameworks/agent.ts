import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { isAlive } from '../../support/processes/isAlive.ts';
import type { Workplace } from '../workplace.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
}

/** An agent of others, as its example in examples/agents has it. */
export interface Agent {
  readonly id: string;
  /** With its version. */
  readonly name: string;
  /** What it offers to a model: names of the session's tools, and nothing else. */
  readonly offers: RegExp;
  /** Puts its example where it runs, and says what starts it on a task there, on the model at a URL. */
  command(at: Workplace, task: string, modelUrl: string): Promise<Command>;
}

export interface RunningAgent {
  /** What it wrote on stdout, once it has ended; fails where it ended otherwise than with 0. */
  readonly said: Promise<string>;
  /** SIGKILL for it and all that it started, unless it has ended. */
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
  });
  const exited = once(child, 'exit');
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const said = ended.then(([stdout, stderr, [code]]) => {
    if (code === 0) return stdout;
    throw new Error(`${agent.name} ended with ${String(code)}:\n${stdout}\n${stderr}`);
  });
  said.catch(() => undefined);
  return {
    said,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      for (const pid of familyOf(child.pid as number).filter(isAlive)) process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

/** A process and all that descend from it, whatever groups they are in. */
function familyOf(root: number): readonly number[] {
  const pairs = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [root];
  for (const member of family) family.push(...pairs.flatMap(([pid = 0, parent]) => (parent === member ? [pid] : [])));
  return family;
}
