import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Custody } from '../client/custody.ts';
import { BARE_QUEUE } from './bare/queue.ts';
import { callUpdate, doneSignal } from './bare/workflow.ts';
import { inTurns, type Ratio, ratio, repeat } from './figures.ts';
import { at, type Place } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { AGENT } from './plans.ts';

/** Calls of either kind, in turns, whose median is what one repetition measures. */
const CALLS = 100;
const CUSTODY = fileURLToPath(new URL('../cli/custody.js', import.meta.url));

/** Milliseconds of a call through the SDK over those of a bare update whose handler makes the same MCP call. */
export const outsideLatencyRatio = (repetitions: number, cpuProf: string | undefined): Promise<Ratio> =>
  at(cpuProf, async (place) => {
    const url = await prepare(place);
    const server = { kind: 'http', name: 'everything', url, headers: {} };
    await place.startOther('bare/worker.js', JSON.stringify(server));
    const { custody } = place;
    const once = async () => {
      const { id } = await custody.start(AGENT);
      const bare = await startUpdates(custody);
      const [call, update] = await inTurns(CALLS, () => echo(custody, id), bare.call);
      await custody.session(id).complete();
      await bare.end();
      return { custody: call, bare: update };
    };
    await once(); // The code is compiled as it runs.
    return ratio(await repeat(repetitions, once), 'custody', 'bare');
  });

/** Milliseconds of an MCP call through the process `custody mcp` over those of the same call through the SDK. */
export const gatewayRatio = (repetitions: number, cpuProf: string | undefined): Promise<Ratio> =>
  at(cpuProf, async (place) => {
    await prepare(place);
    const { custody } = place;
    const once = async () => {
      const { id } = await custody.start(AGENT);
      await echo(custody, id);
      const client = new Client({ name: 'bench', version: '1' });
      const args = ['mcp', id, '--address', place.address, '--namespace', 'default', '--actor', 'bench'];
      await client.connect(
        new StdioClientTransport({ command: process.execPath, args: [CUSTODY, ...args], stderr: 'ignore' }),
      );
      const through = async (): Promise<void> => {
        const { isError } = await client.callTool({ name: 'echo', arguments: { message: randomUUID() } });
        if (isError) throw new Error('a call through the gateway failed');
      };
      await inTurns(CALLS / 5, through, () => echo(custody, id)); // The code is compiled as it runs.
      const [gateway, sdk] = await inTurns(CALLS, through, () => echo(custody, id));
      await client.close();
      await custody.session(id).complete();
      return { gateway, sdk };
    };
    return ratio(await repeat(repetitions, once), 'gateway', 'sdk');
  });

/** Starts the MCP server and a worker, and returns the server's URL. */
async function prepare(place: Place): Promise<string> {
  const { url } = await startEverything(place);
  await place.configure({
    servers: { everything: { url } },
    tools: { 'everything.echo': { effect: 'read-only' } },
    profiles: { standard: {} },
  });
  await place.startWorker('bench');
  return url;
}

/** No two calls are the same: a session stops one that repeats itself. */
async function echo(custody: Custody, id: string): Promise<void> {
  const { outcome } = await custody.session(id).call('everything.echo', { message: randomUUID() });
  if (outcome !== 'succeeded') throw new Error(`a call ended as ${outcome}`);
}

/** A bare workflow that is called by update. */
export async function startUpdates(custody: Custody) {
  const handle = await custody.temporal.workflow.start('bareUpdates', {
    taskQueue: BARE_QUEUE,
    workflowId: randomUUID(),
    args: [],
  });
  return {
    workflowId: handle.workflowId,
    call: () => handle.executeUpdate(callUpdate, { args: [1] }),
    async end(): Promise<void> {
      await handle.signal(doneSignal);
      await handle.result();
    },
  };
}
