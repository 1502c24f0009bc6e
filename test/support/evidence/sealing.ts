import { join } from 'node:path';
import { recordsIn } from '../../../audit/read/json.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { copyBundle } from '../../../audit/seal/copy.ts';
import { parseVkey, skeyOf, type Verifier } from '../../../audit/tlog/note/keys.ts';
import { signerFrom } from '../../../audit/tlog/note/sign.ts';
import { verify, type Verification } from '../../../audit/verify/verify.ts';
import { loadOperatorConfig } from '../../../config/operator.ts';
import { openLog } from '../../../evidence/log.ts';
import { vkeyOf } from '../../../audit/tlog/note/keys.ts';
import type { Harness } from '../harness.ts';
import { MemoryStore } from './sealed.ts';

const SEED = new Uint8Array(32).fill(9);
const NAME = 'custody.test/evidence';

/** What custody.yaml has for a worker that seals, and the files beside it. */
export const EVIDENCE = { archive: { folder: './evidence' }, sign: { fromFile: './evidence.key' }, keys: './keys' };

export async function signingKey(): Promise<{ readonly skey: string; readonly verifier: Verifier }> {
  const { verifier } = await signerFrom(NAME, SEED);
  return { skey: skeyOf({ ...verifier, seed: SEED }), verifier: parseVkey(vkeyOf(verifier)) };
}

type Verified = Verification & { readonly bundle: MemoryStore };

/** The bundle of a session as it is in the archive of a harness, verified with its key, unless that was erased. */
export const verified = (harness: Harness, id: string): Promise<Verified> => verifiedIn(harness.dir, id);

/** The same, of workers under a custody.yaml in this folder. @param more keys that are trusted */
export async function verifiedIn(dir: string, id: string, more: readonly Verifier[] = []): Promise<Verified> {
  const config = await loadOperatorConfig(join(dir, 'custody.yaml'));
  const { store, origin, signer, key: sessionKey } = await openLog(config, 'default', id);
  const bundle = new MemoryStore();
  await copyBundle(store, bundle, nativeSha256);
  const trust = { keys: [signer.verifier, ...more], origin, recordsIn, sha256: nativeSha256 };
  return { ...(await verify(bundle, { ...trust, ...(sessionKey ? { sessionKey } : {}) })), bundle };
}
