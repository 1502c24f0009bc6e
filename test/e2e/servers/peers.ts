import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe } from 'vitest';
import { startStandIn, type RunningServer, type StandIn } from '../../servers/start.ts';
import { Harness } from '../../support/harness.ts';
import { JournalFile } from '../../support/journal.ts';
import { until } from '../../support/until.ts';

export const PEERS = [
  { revision: '2025-06-18', transport: 'stdio' },
  { revision: '2025-06-18', transport: 'http' },
  { revision: '2025-06-18', transport: 'http-sessions' },
  { revision: '2025-11-25', transport: 'stdio' },
  { revision: '2025-11-25', transport: 'http' },
  { revision: '2025-11-25', transport: 'http-sessions' },
  { revision: '2026-07-28', transport: 'stdio' },
  { revision: '2026-07-28', transport: 'http' },
] as const;
type Peer = (typeof PEERS)[number];

const JOURNAL_SERVER = fileURLToPath(new URL('../../servers/journal.mjs', import.meta.url));
const RULES = {
  lookup: { effect: 'read-only' },
  upsert: { effect: 'idempotent' },
  append: { effect: 'irreversible' },
} as const;
const nameOf = ({ revision, transport }: Peer): string => `${transport}-${revision}`;
/** Is it bound to the worker that opened it? */
export const isStateful = ({ transport }: Peer): boolean => transport !== 'http';

export let harness: Harness;
export let journal: JournalFile;
export const running = new Map<string, RunningServer>();

const argsOf = ({ revision, transport }: Peer): string[] => [
  '--journal',
  journal.path,
  '--revision',
  revision,
  ...(transport === 'http-sessions' ? ['--sessions', 'yes'] : []),
];

export async function serve(peer: Peer): Promise<void> {
  running.set(nameOf(peer), await (await standIn(peer)).listening);
}

/** A server for this peer, which gets the port of the one before it once that is gone. */
export function standIn(peer: Peer): Promise<StandIn> {
  const before = running.get(nameOf(peer));
  return startStandIn('journal.mjs', argsOf(peer), before ? Number(new URL(before.server.url).port) : 0);
}

beforeAll(async () => {
  harness = await Harness.start({ profile: { session: { onPause: 'cancel', concurrency: 8 } } });
  journal = new JournalFile(harness.journalFile);
  await Promise.all(PEERS.filter(({ transport }) => transport !== 'stdio').map(serve));
  const servers: [string, object][] = PEERS.map((peer) => [
    nameOf(peer),
    peer.transport === 'stdio'
      ? { command: process.execPath, args: [JOURNAL_SERVER, ...argsOf(peer)] }
      : { url: running.get(nameOf(peer))?.server.url },
  ]);
  servers.push([
    'shared',
    { command: process.execPath, args: [JOURNAL_SERVER, '--journal', journal.path], shared: true },
  ]);
  const tools = [...PEERS.map(nameOf), 'shared'].flatMap((server) =>
    Object.entries(RULES).map(([tool, rule]) => [`${server}.${tool}`, rule]),
  );
  await harness.stopWorker();
  await harness.configure({
    servers: Object.fromEntries(servers) as object,
    tools: Object.fromEntries(tools) as object,
  });
  await harness.startWorker();
});

afterAll(async () => {
  await harness?.stop();
  await Promise.all([...running.values()].map((server) => server.kill()));
});

/** A session on these servers alone that takes calls. */
export async function session(...servers: string[]): Promise<string> {
  const { id } = await harness.custody.start(harness.spec({ servers }));
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
}

export const begun = (id: string, ...callIds: string[]): Promise<boolean> =>
  until(`calls ${callIds.join(', ')} under way`, () =>
    callIds.every((callId) => journal.of(id, callId).startsWith('begin')),
  );

/**
 * Each peer has a server of its own, which groups share: those that leave it alone run first, then those that kill it.
 */
export function groups(claim: string, peers: readonly Peer[], tests: (peer: Peer, server: string) => void): void {
  describe(claim, () => {
    describe.concurrent.each(peers)('revision $revision over $transport', (peer) => tests(peer, nameOf(peer)));
  });
}
