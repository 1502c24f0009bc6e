import { describe, expect, test } from 'vitest';
import { sealNamespace } from '../../../activities/evidence/sealNamespace.ts';
import { folderOf, namespaceFolderOf, namespaceOriginOf } from '../../../audit/seal/paths.ts';
import { heldBy } from '../../../audit/seal/held.ts';
import type { SignedLog } from '../../../audit/seal/log.ts';
import { verifyNamespace } from '../../../audit/verify/namespace/verify.ts';
import { hasherOver } from '../../../audit/tlog/tree/hashing.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import type { NamespaceLeaf } from '../../../protocol/evidence/namespaceLog.ts';
import { within } from '../../../store/evidence/within.ts';
import { logIn, MemoryStore, sealedRecords, SIGNER, TRUST } from '../../support/evidence/sealed.ts';
import { addTo } from '../../../audit/seal/write.ts';
import { bytesToHex } from '@noble/hashes/utils.js';
import { rootOf } from '../../../audit/tlog/tree/frontier.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const QUEUE = 'custody';
const LOG = namespaceFolderOf('default', QUEUE);

const iso = (hour: number): string => new Date(START + hour * HOUR).toISOString();
const heartbeat = (hour: number): NamespaceLeaf => ({ v: 1, kind: 'heartbeat', at: iso(hour) });

/** An archive in memory, and what is written to the log of its namespace. */
class Archive {
  readonly files = new MemoryStore();
  known: { size: number; root: string } | null = null;

  get log(): SignedLog {
    const store = within(this.files, LOG);
    const tools = { sha256: nativeSha256, hasher: hasherOver(nativeSha256) };
    return { store, origin: namespaceOriginOf('default', QUEUE), signer: SIGNER, before: [], ...tools };
  }

  async write(...leaves: readonly NamespaceLeaf[]): Promise<void> {
    const evidence = { namespaceLog: async () => this.log, outside: async () => undefined };
    const input = { taskQueue: QUEUE, known: this.known, leaves };
    this.known = await sealNamespace({ evidence: evidence as never }, input);
  }

  /** Seals so many more records of a session. */
  async seal(session: string, count: number, hour: number, whole = false): Promise<void> {
    const log = await logIn(within(this.files, folderOf('default', session)), session);
    const place = { v: 1, session, run: 'run-1', events: [1], at: iso(hour), layer: 'execution', n: null };
    const record = { ...place, standing: null, call: null, by: null, proof: null, kind: 'notify', data: {} };
    const records = Array.from({ length: count }, () => record) as unknown as EvidenceRecord[];
    const { tree } = await addTo(log, await heldBy(log), records);
    const root = bytesToHex(rootOf(tree));
    await this.write({ v: 1, kind: 'session', session, size: tree.size, root, at: iso(hour), whole });
  }

  remove(folder: string): void {
    for (const path of this.files.files.keys()) if (path.startsWith(`${folder}/`)) this.files.files.delete(path);
  }

  /** The files below a folder now. */
  copy(folder: string): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.files.files].filter(([path]) => path.startsWith(`${folder}/`)));
  }

  /** Puts a folder back to what it was. */
  putBack(folder: string, copy: ReadonlyMap<string, Uint8Array>): void {
    this.remove(folder);
    for (const [path, bytes] of copy) this.files.files.set(path, bytes);
  }

  async verified(hour: number) {
    const [log, sessions] = [this.below(LOG), this.below('default/sessions')];
    const { isSound, counts } = await verifyNamespace(log, sessions, TRUST, START + hour * HOUR);
    return { isSound, counts };
  }

  below(folder: string): MemoryStore {
    return new MemoryStore(
      [...this.copy(folder)].map(([path, bytes]) => [path.slice(folder.length + 1), bytes] as const),
    );
  }
}

const NOTED = { UNWITNESSED: 1 };
const ONE = folderOf('default', 'one');

/** Two sessions over some hours. */
async function archive(): Promise<Archive> {
  const made = new Archive();
  await made.write(heartbeat(0));
  await made.seal('one', 3, 0);
  await made.seal('two', 300, 0.5);
  await made.write(heartbeat(1));
  await made.seal('one', 600, 1, true);
  await made.write(heartbeat(2));
  return made;
}

describe('A4: the log of a namespace', () => {
  test('verifies where nothing was touched, though no session has a key any more', async () => {
    expect(await (await archive()).verified(2.5)).toEqual({ isSound: true, counts: NOTED });
  });

  test('reads each file of a session once, however many leaves it has', async () => {
    const made = new Archive();
    await made.write(heartbeat(0));
    for (let hour = 0; hour < 20; hour += 1) await made.seal('one', 40, hour / 20);
    const sessions = made.below('default/sessions');
    const read: string[] = [];
    const counting = {
      list: () => sessions.list(),
      get: (path: string, most: number) => (read.push(path), sessions.get(path, most)),
    };
    const { isSound } = await verifyNamespace(made.below(LOG), counting, TRUST, START + HOUR);
    expect(isSound).toBe(true);
    expect(read.length).toBeGreaterThan(4);
    expect(new Set(read).size).toBe(read.length);
  });

  test('names a session that was dropped whole', async () => {
    const made = await archive();
    made.remove(ONE);
    expect(await made.verified(2.5)).toEqual({ isSound: false, counts: { ...NOTED, SESSION_DROPPED: 1 } });
  });

  test('names a session that was put back to an earlier copy', async () => {
    const made = new Archive();
    await made.write(heartbeat(0));
    await made.seal('one', 3, 0);
    const copy = made.copy(ONE);
    await made.seal('one', 4, 1);
    made.putBack(ONE, copy);
    expect(await made.verified(1)).toEqual({ isSound: false, counts: { ...NOTED, SESSION_SHRUNK: 1 } });
  });

  test('names a session that was made anew, as large and signed with the same key', async () => {
    const made = await archive();
    const other = await sealedRecords(
      'one',
      Array.from({ length: 700 }, (_, n) => ({ kind: 'notify', data: { n } })),
    );
    made.putBack(ONE, new Map([...other.files].map(([path, bytes]) => [`${ONE}/${path}`, bytes])));
    expect(await made.verified(2.5)).toEqual({ isSound: false, counts: { ...NOTED, SESSION_DIFFERS: 1 } });
  });

  test('names a session whose checkpoint nobody trusted signed, and one whose tiles are gone', async () => {
    const made = await archive();
    made.files.files.set(`${folderOf('default', 'two')}/checkpoint`, new TextEncoder().encode('nothing'));
    made.remove(`${ONE}/tile`);
    expect(await made.verified(2.5)).toEqual({ isSound: false, counts: { ...NOTED, SESSION_DIFFERS: 2 } });
  });

  test('tells that its tail was cut, by its last heartbeat and by sessions that it does not name', async () => {
    const made = new Archive();
    await made.write(heartbeat(0));
    await made.seal('one', 3, 0);
    const copy = made.copy(LOG);
    await made.write(heartbeat(1));
    await made.seal('two', 3, 1);
    await made.write(heartbeat(2));
    made.putBack(LOG, copy);
    const counts = { ...NOTED, HEARTBEAT_MISSING: 1, SESSION_UNNAMED: 1 };
    expect(await made.verified(2.5)).toEqual({ isSound: true, counts });
  });

  test('tells of heartbeats that are missing', async () => {
    const made = new Archive();
    for (const hour of [0, 1, 3.5, 4]) await made.write(heartbeat(hour));
    expect(await made.verified(5)).toEqual({ isSound: true, counts: { ...NOTED, HEARTBEAT_MISSING: 1 } });
  });

  test('is broken where an entry of it was taken out, or a leaf goes back', async () => {
    const made = await archive();
    const tile = [...made.copy(LOG).keys()].findLast((path) => path.includes('tile/entries'))!;
    made.files.files.set(tile, made.files.files.get(tile)!.slice(10));
    expect(await made.verified(2.5)).toMatchObject({ isSound: false });
    const back = new Archive();
    await back.write(heartbeat(1), heartbeat(0));
    expect(await back.verified(1)).toMatchObject({ isSound: false, counts: { LEAF_MISPLACED: 1 } });
  });
});

describe('A4: who writes the log of a namespace', () => {
  test('writes leaves once, though an attempt before wrote them and died', async () => {
    const made = new Archive();
    await made.write(heartbeat(0));
    const { known } = made;
    await made.write(heartbeat(1), heartbeat(2));
    const after = made.known;
    made.known = known;
    await made.write(heartbeat(1), heartbeat(2));
    expect(made.known).toEqual(after);
    made.known = known;
    await made.write(heartbeat(1), heartbeat(2), heartbeat(3));
    expect(made.known).toMatchObject({ size: 4 });
  });

  test('goes no further from a log that somebody put back, or wrote something else to', async () => {
    const made = new Archive();
    await made.write(heartbeat(0));
    const copy = made.copy(LOG);
    await made.write(heartbeat(1));
    const { known } = made;
    made.putBack(LOG, copy);
    await expect(made.write(heartbeat(2))).rejects.toMatchObject({ code: 'LOG_CONTRADICTS' });
    made.known = null;
    await made.write(heartbeat(2));
    made.known = known;
    await expect(made.write(heartbeat(3))).rejects.toMatchObject({ code: 'LOG_CONTRADICTS' });
  });
});
