import { resolve } from 'node:path';
import { nativeHmac, nativeSha256 } from '../audit/nativeSha256.ts';
import { type SessionKeys, sessionKeys } from '../audit/seal/keys.ts';
import { type Log, MANIFEST_BYTES, type SignedLog } from '../audit/seal/log.ts';
import { parseManifest } from '../audit/seal/manifest.ts';
import {
  folderOf,
  MANIFEST,
  namespaceFolderOf,
  namespaceOriginOf,
  originOf,
  sessionsFolder,
} from '../audit/seal/paths.ts';
import { parseNote } from '../audit/tlog/note/note.ts';
import { parseVkey } from '../audit/tlog/note/keys.ts';
import { signerOf } from '../audit/tlog/note/sign.ts';
import { hasherOver } from '../audit/tlog/tree/hashing.ts';
import { archiveOf } from '../config/evidence/archive.ts';
import type { EvidenceConfig } from '../config/evidence/schema.ts';
import { type Retention, retainedUntil } from '../config/evidence/retention.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { resolveValue } from '../config/secrets.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { EvidenceStore } from '../protocol/evidence/store.ts';
import { openEvidence } from '../store/evidence/open.ts';
import { SessionKeyFolder } from './sessionKeys.ts';
import { within } from '../store/evidence/within.ts';

type Configured = Pick<OperatorConfig, 'evidence' | 'dir'>;

/** Where the evidence of a session is, and its key. */
export interface Place {
  /** How long it is kept; undefined: nobody says. */
  readonly retention: Retention | undefined;
  readonly store: EvidenceStore;
  readonly keys: SessionKeyFolder;
  /** Of the session, in both. */
  readonly folder: string;
}

/** @throws CustodyError EVIDENCE_OFF, SECRET_MISSING */
export async function placeOf(config: Configured, namespace: string, session: string): Promise<Place> {
  const { evidence, store } = await archiveIn(config);
  return placeAt(config, evidence, store, folderOf(namespace, session));
}

/**
 * The log of a session, as it is configured now. Of one whose key was erased all can be read that is not encrypted, and
 * what needs the key fails with EVIDENCE_ERASED.
 * @throws CustodyError as `placeOf`, NOTE_KEY_INVALID
 */
export async function openLog(
  config: Configured,
  namespace: string,
  session: string,
): Promise<Log & { readonly key: Uint8Array | undefined }> {
  const { store, keys, folder } = await placeOf(config, namespace, session);
  const key = (await keys.isErased(folder)) ? undefined : await keys.of(folder);
  const log = await signedLog(config, store, originOf(namespace, session));
  return { ...log, key, keys: key ? await sessionKeys(key, nativeHmac) : NO_KEYS };
}

/** The log of a namespace and task queue. @throws CustodyError as `placeOf`, NOTE_KEY_INVALID */
export async function openNamespaceLog(config: Configured, namespace: string, taskQueue: string): Promise<SignedLog> {
  const { store } = await archiveIn(config);
  const own = within(store, namespaceFolderOf(namespace, taskQueue));
  return signedLog(config, own, namespaceOriginOf(namespace, taskQueue));
}

/** A session in the archive, with its log as far as it can be read without its key. */
export interface Archived extends Place {
  readonly session: string;
  readonly log: Log;
}

/**
 * All sessions of a namespace in the archive, in the order of their folders. A folder whose manifest is none is passed
 * over.
 * @throws CustodyError EVIDENCE_OFF, EVIDENCE_UNAVAILABLE, EVIDENCE_REFUSED, SECRET_MISSING
 */
export async function* archived(config: Configured, namespace: string): AsyncGenerator<Archived> {
  const { evidence, store } = await archiveIn(config);
  for await (const path of store.list(sessionsFolder(namespace))) {
    const folder = path.slice(0, -MANIFEST.length - 1);
    if (path !== `${folder}/${MANIFEST}` || folder.split('/').length !== 3) continue;
    const place = placeAt(config, evidence, store, folder);
    const origin = originIn((await place.store.get(MANIFEST, MANIFEST_BYTES)) ?? new Uint8Array());
    const session = sessionIn(origin);
    if (session === undefined || folderOf(namespace, session) !== folder) continue;
    yield { ...place, session, log: { ...(await signedLog(config, place.store, origin)), keys: NO_KEYS } };
  }
}

async function archiveIn(config: Configured): Promise<{ evidence: EvidenceConfig; store: EvidenceStore }> {
  const archive = await archiveOf(config);
  if (config.evidence && archive) return { evidence: config.evidence, store: await openEvidence(archive) };
  throw new CustodyError('EVIDENCE_OFF', 'custody.yaml has no block `evidence`: nothing is sealed here.');
}

const placeAt = (
  { dir }: Configured,
  { keys, retention }: EvidenceConfig,
  all: EvidenceStore,
  folder: string,
): Place => ({
  store: within(all, folder),
  keys: new SessionKeyFolder(resolve(dir, keys)),
  folder,
  retention,
});

async function signedLog(config: Configured, store: EvidenceStore, origin: string): Promise<SignedLog> {
  const { sign, before, retention } = config.evidence!;
  return {
    store,
    origin,
    signer: await signerOf((await resolveValue(sign, config.dir)).trim()),
    before: before.map(parseVkey),
    sha256: nativeSha256,
    hasher: hasherOver(nativeSha256),
    ...(retention && { retainUntil: () => retainedUntil(Date.now(), retention) }),
  };
}

/** Whoever can write to the archive can have put anything there. */
function originIn(manifest: Uint8Array): string {
  try {
    return parseManifest(parseNote(manifest, MANIFEST_BYTES).text).origin;
  } catch {
    return '';
  }
}

function sessionIn(origin: string): string | undefined {
  try {
    return decodeURIComponent(origin.split('/')[2] ?? '') || undefined;
  } catch {
    return undefined;
  }
}

const erased = (): never => {
  throw new CustodyError('EVIDENCE_ERASED', 'The key of this session was erased: nothing is sealed with it any more.');
};

const NO_KEYS: SessionKeys = { salt: erased, seal: async () => erased(), open: async () => null };
