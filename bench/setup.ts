import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pino from 'pino';
import { startEmbeddedTemporal } from '../cli/temporal/embedded.ts';
import { freePort } from '../cli/temporal/freePort.ts';
import { Custody } from '../client/custody.ts';
import { loadOperatorConfig } from '../config/operator.ts';
import { connectionsOf } from '../worker/connections.ts';
import { createWorker } from '../worker/worker.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';
import { bareActivities } from './bare/activities.ts';

export const BARE_QUEUE = 'bare';

export interface Bench {
  readonly custody: Custody;
  stop(): Promise<void>;
}

/**
 * A dev server, a real MCP server over HTTP, a Custody worker and a bare worker with the same settings, in this
 * process.
 */
export async function setUp(): Promise<Bench> {
  const quiet = new DefaultLogger('ERROR');
  Runtime.install({ logger: quiet });
  const temporal = await startEmbeddedTemporal({
    headless: true,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: (line) => console.error(line),
  });
  const everything = await startEverything();
  const dir = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  await writeFile(
    join(dir, 'custody.yaml'),
    JSON.stringify({
      servers: { everything: { url: everything.url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { standard: {} },
    }),
  );
  const config = await loadOperatorConfig(join(dir, 'custody.yaml'));
  const log = pino({ level: 'error' }, pino.destination(2));
  const worker = await createWorker({
    config,
    connection: { address: temporal.address },
    namespace: 'default',
    log,
    name: 'bench',
    stateDir: dir,
    store: join(dir, 'payloads'),
  });

  const connections = connectionsOf(config, log);
  const connection = await NativeConnection.connect({ address: temporal.address });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare/workflow.js', import.meta.url)),
    logger: quiet,
  });
  const bare = await Worker.create({
    connection,
    taskQueue: BARE_QUEUE,
    workflowBundle,
    stickyQueueScheduleToStartTimeout: 1000,
    activities: bareActivities(await connections.acquire('bare', 'everything', new AbortController().signal)),
  });
  const running = Promise.all([worker.run(), bare.run()]);
  const custody = await Custody.connect({ address: temporal.address, store: join(dir, 'payloads'), actor: 'bench' });
  return {
    custody,
    async stop() {
      worker.stop();
      bare.shutdown();
      await running;
      await connections.closeAll();
      await connection.close();
      await custody.close();
      everything.stop();
      await temporal.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startEverything(): Promise<{ readonly url: string; stop(): void }> {
  const port = await freePort();
  const path = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const child = spawn(process.execPath, [path, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let attempt = 0; ; attempt += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    if (attempt > 200 || child.exitCode !== null) throw new Error('server-everything does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, stop: () => void child.kill() };
}
