import { resolve } from 'node:path';
import { nativeSha256 } from '../audit/nativeSha256.ts';
import { sessionKeys } from '../audit/seal/keys.ts';
import type { Log } from '../audit/seal/log.ts';
import { folderOf, originOf } from '../audit/seal/paths.ts';
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
  const { evidence, dir } = config;
  const archive = await archiveOf(config);
  if (!evidence || !archive)
    throw new CustodyError('EVIDENCE_OFF', 'custody.yaml has no block `evidence`: nothing is sealed here.');
  const folder = folderOf(namespace, session);
  const store = within(await openEvidence(archive), folder);
  return { store, keys: new SessionKeyFolder(resolve(dir, evidence.keys)), folder };
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
  const { sign, before, retention } = config.evidence!;
  const key = await keys.of(folder);
  return {
    key,
    store,
    origin: originOf(namespace, session),
    signer: await signerOf((await resolveValue(sign, config.dir)).trim()),
    before: before.map(parseVkey),
    keys: await sessionKeys(key),
    sha256: nativeSha256,
    hasher: hasherOver(nativeSha256),
    ...(retention && { retainUntil: () => retainedUntil(Date.now(), retention) }),
  };
}
