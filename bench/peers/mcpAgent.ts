import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Place } from '../place/place.ts';
import { EVERYTHING_STDIO } from '../place/servers.ts';
import { peersPython } from './python.ts';

const WORKER = fileURLToPath(new URL('../../../bench/peers/mcp_agent/worker.py', import.meta.url));
const QUEUE = 'mcp-agent';

/** Events of a workflow of theirs once its agent has opened the server. */
const OPENED = 8;

/** Runs workflows of so many calls each at once, from the start of the first to the end of the last. */
type Run = (workflows: number, calls: number) => Promise<void>;

/**
 * Starts a worker of mcp-agent on the place's Temporal, as its documentation has it: one process, and in it one process
 * of the MCP server for all workflows, for as long as any of them uses it.
 *
 * Agents that open a server at the same instant start it several times, and some then find it without tools. So the
 * first workflow opens it, and the others start right then; they could do nothing before.
 */
export async function startMcpAgent({ address, dir, custody, owns }: Place): Promise<Run> {
  const python = await peersPython();
  const folder = join(dir, QUEUE);
  await mkdir(folder);
  await writeFile(
    join(folder, 'mcp_agent.config.yaml'),
    JSON.stringify({
      execution_engine: 'temporal',
      temporal: { host: address, namespace: 'default', task_queue: QUEUE },
      logger: { transports: ['none'], progress_display: false },
      usage_telemetry: { enabled: false },
      mcp: { servers: { everything: EVERYTHING_STDIO } },
    }),
  );
  const child = spawn(python, [WORKER], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-2000)));
  const exited = once(child, 'exit');
  owns(async () => {
    child.kill();
    await exited;
  });
  const died = exited.then(() => Promise.reject(new Error(`the worker of mcp-agent ended: ${said}`)));
  died.catch(() => undefined);
  const { workflow } = custody.temporal;
  const start = (calls: number) =>
    workflow.start('EchoWorkflow', {
      taskQueue: QUEUE,
      workflowId: randomUUID(),
      args: [calls],
      workflowExecutionTimeout: '3m',
    });
  return async (workflows, calls) => {
    const first = await start(calls);
    while (workflows > 1 && (await first.describe()).historyLength < OPENED) await delay(5);
    const others = await Promise.all(Array.from({ length: workflows - 1 }, () => start(calls)));
    const results = Promise.all([first, ...others].map((handle) => handle.result() as Promise<{ value: number }>));
    for (const { value } of await Promise.race([results, died]))
      if (value !== calls) throw new Error(`mcp-agent made ${value} of ${calls} calls`);
  };
}
