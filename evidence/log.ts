import { resolve } from 'node:path';
import { nativeSha256 } from '../audit/nativeSha256.ts';
import { sessionKeys } from '../audit/seal/keys.ts';
import type { Log, SignedLog } from '../audit/seal/log.ts';
import { folderOf, namespaceFolderOf, namespaceOriginOf, originOf } from '../audit/seal/paths.ts';
import { parseVkey } from '../audit/tlog/note/keys.ts';
import { signerOf } from '../audit/tlog/note/sign.ts';
import { hasherOver } from '../audit/tlog/tree/hashing.ts';
import { archiveOf } from '../config/evidence/archive.ts';
import { retainedUntil } from '../config/evidence/retention.ts';
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
  readonly store: EvidenceStore;
  readonly keys: SessionKeyFolder;
  /** Of the session, in both. */
  readonly folder: string;
}

/** @throws CustodyError EVIDENCE_OFF, SECRET_MISSING */
export async function placeOf(config: Configured, namespace: string, session: string): Promise<Place> {
  const folder = folderOf(namespace, session);
  const store = await storeAt(config, folder);
  return { store, keys: new SessionKeyFolder(resolve(config.dir, config.evidence!.keys)), folder };
}

async function storeAt(config: Configured, folder: string): Promise<EvidenceStore> {
  const archive = await archiveOf(config);
  if (!archive) throw new CustodyError('EVIDENCE_OFF', 'custody.yaml has no block `evidence`: nothing is sealed here.');
  return within(await openEvidence(archive), folder);
}

/**
 * The log of a session, as it is configured now.
 * @throws CustodyError as `placeOf`, NOTE_KEY_INVALID, EVIDENCE_ERASED
 */
export async function openLog(
  config: Configured,
  namespace: string,
  session: string,
): Promise<Log & { readonly key: Uint8Array }> {
  const { store, keys, folder } = await placeOf(config, namespace, session);
  const key = await keys.of(folder);
  return { ...(await signedLog(config, store, originOf(namespace, session))), key, keys: await sessionKeys(key) };
}

/** The log of a namespace and task queue. @throws CustodyError as `placeOf`, NOTE_KEY_INVALID */
export async function openNamespaceLog(config: Configured, namespace: string, taskQueue: string): Promise<SignedLog> {
  const store = await storeAt(config, namespaceFolderOf(namespace, taskQueue));
  return signedLog(config, store, namespaceOriginOf(namespace, taskQueue));
}

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
