import { readdirSync, readFileSync } from 'node:fs';
import { eventsIn, recordsIn } from '../../../audit/read/json.ts';
import { resetIn } from '../../../audit/read/reset.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import type { Beside } from '../../../audit/seal/batch.ts';
import { copyBundle } from '../../../audit/seal/copy.ts';
import { sessionKeys } from '../../../audit/seal/keys.ts';
import { heldBy } from '../../../audit/seal/held.ts';
import type { Log } from '../../../audit/seal/log.ts';
import { originOf, SESSION_KEY } from '../../../audit/seal/paths.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import { addTo } from '../../../audit/seal/write.ts';
import type { Trust } from '../../../audit/verify/bundle.ts';
import { signerFrom } from '../../../audit/tlog/note/sign.ts';
import { base64Of, bytesOf } from '../../../audit/tlog/note/text.ts';
import { hasherOver } from '../../../audit/tlog/tree/hashing.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { EvidenceStore } from '../../../protocol/evidence/store.ts';

const HISTORIES = new URL('../../replay/histories/', import.meta.url);

/** Sessions that were recorded, with the raw histories of their runs, in order. */
export const RECORDED: ReadonlyMap<string, readonly Uint8Array[]> = new Map(
  [...new Set(readdirSync(HISTORIES).map((file) => file.replace(/\.run\d+\.json$/, '')))].sort().map((name) => {
    const files = readdirSync(HISTORIES).filter((file) => file.replace(/\.run\d+\.json$/, '') === name);
    return [name, files.sort().map((file) => new Uint8Array(readFileSync(new URL(file, HISTORIES))))] as const;
  }),
);

/** Evidence in memory. */
export class MemoryStore implements EvidenceStore {
  readonly files: Map<string, Uint8Array>;

  constructor(files: Iterable<readonly [string, Uint8Array]> = []) {
    this.files = new Map(files);
  }

  can() {
    return Promise.resolve({ lock: false, hold: false });
  }

  put(path: string, bytes: Uint8Array): Promise<void> {
    this.files.set(path, bytes);
    return Promise.resolve();
  }

  get(path: string, most: number): Promise<Uint8Array | undefined> {
    const bytes = this.files.get(path);
    if (bytes && bytes.length > most) throw new CustodyError('EVIDENCE_TOO_LARGE', `${path} is too large.`);
    return Promise.resolve(bytes);
  }

  has(path: string): Promise<boolean> {
    return Promise.resolve(this.files.has(path));
  }

  async *list(): AsyncIterable<string> {
    yield* this.files.keys();
  }

  hold(): Promise<void> {
    return Promise.resolve();
  }
}

export const KEY = new Uint8Array(32).fill(7);
export const SIGNER = await signerFrom('custody.test', new Uint8Array(32).fill(3));
export const TRUST: Trust = { keys: [SIGNER.verifier], recordsIn, sha256: nativeSha256 };

/** The log of a session in a store. */
export const logIn = async (store: EvidenceStore, session: string): Promise<Log> => ({
  store,
  origin: originOf('default', session),
  signer: SIGNER,
  before: [],
  keys: await sessionKeys(KEY),
  sha256: nativeSha256,
  hasher: hasherOver(nativeSha256),
});

/** A recorded session, sealed run by run, with its key. */
export async function sealedSession(name: string): Promise<MemoryStore> {
  const store = new MemoryStore();
  const log = await logIn(store, name);
  let held = await heldBy(log);
  for (const json of RECORDED.get(name) ?? []) {
    const run = runOf(json);
    const { point = 0 } = resetIn(eventsIn(json)) ?? {};
    const records = recordsIn(name, run, json).filter(({ events }) => (events.at(-1) ?? 0) >= point);
    held = await addTo(log, held, records, { histories: new Map([[run, json]]) });
  }
  const bundle = new MemoryStore([[SESSION_KEY, bytesOf(`${base64Of(KEY)}\n`)]]);
  await copyBundle(store, bundle, nativeSha256);
  return bundle;
}

/** Run id in a raw history. */
export function runOf(json: Uint8Array): string {
  const events = eventsIn(json);
  const { originalExecutionRunId = '' } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
  return resetIn(events)?.run ?? originalExecutionRunId ?? '';
}

/** What somebody who has the key sealed, whatever it is: records with these members, for what a hostile one can do. */
export async function sealedRecords(
  session: string,
  says: readonly { readonly kind: string; readonly data: unknown; readonly [member: string]: unknown }[],
  beside: Beside = {},
): Promise<MemoryStore> {
  const store = new MemoryStore([[SESSION_KEY, bytesOf(`${base64Of(KEY)}\n`)]]);
  const log = await logIn(store, session);
  const at = '2026-01-01T00:00:00.000Z';
  const place = { v: 1, session, run: 'run-1', events: [1], at, layer: 'execution', n: null, standing: null };
  const records = says.map((each) => ({ ...place, call: null, by: null, proof: null, ...each }));
  await addTo(log, await heldBy(log), records as unknown as EvidenceRecord[], beside);
  return store;
}
