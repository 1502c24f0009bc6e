import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { makeToken } from '../cli/serve/makeToken.ts';
import type { Custody } from '../client/custody.ts';
import { type Figure, figure, inTurns, type Ratio, ratio, repeat, timed } from './figures.ts';
import { at, type Place } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { AGENT } from './plans.ts';

const CUSTODY = fileURLToPath(new URL('../cli/custody.js', import.meta.url));
/** Calls of either kind, in turns, whose median is what one repetition measures. */
const CALLS = 100;
/** Clients that call at once, and calls of all of them together. */
const CLIENTS = [1, 10, 50] as const;
const TOGETHER = 200;
/** Agents whose calls wait at once. */
const WAITING = 200;
/** Approvals, one after the other. */
const APPROVALS = 50;
const ASK = '@id("ask") @approval forbid (principal, action, resource) when { context.args has message };';
const HOUR = 3_600_000;

/** What a call through `custody serve` costs beside the same update by the SDK. */
export interface HopFigures {
  /** Milliseconds that it takes longer. */
  readonly gatewayHopMs: Figure;
  readonly gatewayHopRatio: Ratio;
}

/** What the gateway over HTTP bears. */
export interface LoadFigures {
  /** By clients at once. */
  readonly callsPerSecond: { readonly [clients: number]: Figure };
  /** Resident KiB of the process for each agent whose call waits. */
  readonly waitingKiB: number;
  /** From an approval until the call that waited for it has its answer; milliseconds. */
  readonly approvalMs: { readonly p50: number; readonly p99: number };
}

/** A call through `custody serve` and the same update by the SDK, in one session and in turns. */
export const gatewayHop = (repetitions: number, cpuProf: string | undefined): Promise<HopFigures> =>
  at(cpuProf, async (place) => {
    await prepare(place);
    const gateway = await serve(place, cpuProf);
    const pairs = await repeat(repetitions, () => onePair(place.custody, gateway));
    return {
      gatewayHopMs: figure(pairs.map(({ gateway: through, sdk }) => through - sdk)),
      gatewayHopRatio: ratio(pairs, 'gateway', 'sdk'),
    };
  });

/** Many clients at once, agents that wait, and approvals. */
export const gatewayLoad = (repetitions: number, cpuProf: string | undefined): Promise<LoadFigures> =>
  at(cpuProf, async (place) => {
    await prepare(place);
    const gateway = await serve(place, cpuProf);
    const callsPerSecond: Record<number, Figure> = {};
    for (const clients of CLIENTS)
      callsPerSecond[clients] = figure(await repeat(repetitions, () => rate(place.custody, gateway, clients)), 0);
    const approvalMs = await approvals(place.custody, gateway);
    return { callsPerSecond, approvalMs, waitingKiB: await waiting(place.custody, gateway) };
  });

interface Gateway {
  readonly url: string;
  readonly pid: number;
  readonly token: string;
}

async function prepare(place: Place): Promise<void> {
  const { url } = await startEverything(place);
  await writeFile(join(place.dir, 'ask.cedar'), ASK);
  await place.configure({
    servers: { everything: { url } },
    tools: { 'everything.*': { effect: 'idempotent' } },
    profiles: { standard: {}, asking: {} },
    policies: { asking: { rules: ['ask.cedar'], default: 'allow' } },
    gateway: { tokens: 'tokens.json', requestsPerMinute: 1_000_000 },
  });
  await place.startWorker('gateway');
}

async function serve(place: Place, cpuProf: string | undefined): Promise<Gateway> {
  const config = join(place.dir, 'custody.yaml');
  const { token } = await makeToken(config, { subject: 'bench', role: ['agent', 'operator'], expires: HOUR });
  const profile = cpuProf === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', join(cpuProf, 'gateway')];
  const globals = [
    '--json',
    '--address',
    place.address,
    '--namespace',
    'default',
    '--store',
    join(place.dir, 'payloads'),
  ];
  const args = [...profile, CUSTODY, 'serve', ...globals, '--config', config, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  place.owns(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url: (JSON.parse(line) as { address: string }).address, pid: child.pid ?? 0, token };
}

async function clientOf({ url, token }: Gateway, session: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp/${session}`), { requestInit: { headers } }),
  );
  return client;
}

async function echo(client: Client): Promise<void> {
  const { isError } = await client.callTool({ name: 'echo', arguments: { message: randomUUID() } });
  if (isError) throw new Error('a call through the gateway failed');
}

async function onePair(custody: Custody, gateway: Gateway): Promise<{ gateway: number; sdk: number }> {
  const session = await custody.start(AGENT);
  const client = await clientOf(gateway, session.id);
  const direct = async (): Promise<void> => {
    const { outcome } = await session.call('everything.echo', { message: randomUUID() });
    if (outcome !== 'succeeded') throw new Error('a call of the SDK failed');
  };
  await inTurns(CALLS / 5, () => echo(client), direct); // The code is compiled as it runs.
  const [through, sdk] = await inTurns(CALLS, () => echo(client), direct);
  await client.close();
  await session.complete();
  return { gateway: through, sdk };
}

/** Calls a second of so many clients, each in a session of its own. */
async function rate(custody: Custody, gateway: Gateway, clients: number): Promise<number> {
  const sessions = await Promise.all(Array.from({ length: clients }, () => custody.start(AGENT)));
  await Promise.all(sessions.map((session) => until(async () => (await session.state()).state === 'RUNNING')));
  const all = await Promise.all(sessions.map(({ id }) => clientOf(gateway, id)));
  await Promise.all(all.map(echo));
  const each = Math.ceil(TOGETHER / clients);
  const ms = await timed(() => Promise.all(all.map((client) => repeat(each, () => echo(client)))));
  await Promise.all(all.map((client) => client.close()));
  await Promise.all(sessions.map((session) => session.complete()));
  return (each * clients * 1000) / ms;
}

/** Each agent has a session and a client, and a call that waits as its session is paused. */
async function waiting(custody: Custody, gateway: Gateway): Promise<number> {
  const sessions = await Promise.all(Array.from({ length: WAITING }, () => custody.start(AGENT)));
  await Promise.all(sessions.map((session) => until(async () => (await session.state()).state === 'RUNNING')));
  const clients: Client[] = [];
  for (const { id } of sessions) clients.push(await clientOf(gateway, id));
  await Promise.all(clients.map(echo));
  await Promise.all(sessions.map((session) => session.pause()));
  const before = await residentKiB(gateway.pid);
  const calls = clients.map(echo);
  await Promise.all(sessions.map((session) => until(async () => (await session.describe()).openCalls.length > 0)));
  const after = await residentKiB(gateway.pid);
  await Promise.all(sessions.map((session) => session.resume()));
  await Promise.all(calls);
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(sessions.map((session) => session.complete()));
  return Math.round((after - before) / WAITING);
}

const residentKiB = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);

/** From the approval of a call that waits in a gateway's request until that has its answer. */
async function approvals(custody: Custody, gateway: Gateway): Promise<{ p50: number; p99: number }> {
  const session = await custody.start({ ...AGENT, profile: 'asking' });
  const client = await clientOf(gateway, session.id);
  const approver = custody.as('approver').session(session.id);
  const times: number[] = [];
  for (let n = 0; n < APPROVALS; n += 1) {
    const called = echo(client);
    await until(async () => (await session.describe()).approvals.length > 0);
    const [asked] = (await session.describe()).approvals;
    times.push(
      await timed(async () => {
        await approver.approvals.approve(asked?.id ?? '', asked?.digest ?? '', { reason: 'bench' });
        await called;
      }),
    );
  }
  await client.close();
  await session.complete();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
