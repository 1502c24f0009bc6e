import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../place/place.ts';
import { EVERYTHING_STDIO } from '../place/servers.ts';
import { peersPython } from './python.ts';

const WORKER = fileURLToPath(new URL('../../../bench/peers/mcp_agent/worker.py', import.meta.url));
const QUEUE = 'mcp-agent';

/**
 * Starts a worker of mcp-agent on the place's Temporal, as its documentation has it: one process, and in it one process
 * of the MCP server for all workflows, for as long as any of them uses it.
 *
 * @returns runs one workflow of so many calls, from its start to its end
 */
export async function startMcpAgent({ address, dir, custody, owns }: Place): Promise<(calls: number) => Promise<void>> {
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
  return async (calls) => {
    const made = custody.temporal.workflow.execute('EchoWorkflow', {
      taskQueue: QUEUE,
      workflowId: randomUUID(),
      args: [calls],
      workflowExecutionTimeout: '5m',
    });
    const { value } = (await Promise.race([made, died])) as { value: number };
    if (value !== calls) throw new Error(`mcp-agent made ${value} of ${calls} calls`);
  };
}
