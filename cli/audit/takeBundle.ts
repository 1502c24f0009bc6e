import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import { copyBundle } from '../../audit/seal/copy.ts';
import { isLast } from '../../audit/seal/leaf.ts';
import { readBy } from '../../audit/seal/held.ts';
import type { Log } from '../../audit/seal/log.ts';
import { MANIFEST, SESSION_KEY } from '../../audit/seal/paths.ts';
import { rootOf } from '../../audit/tlog/tree/frontier.ts';
import { vkeyOf } from '../../audit/tlog/note/keys.ts';
import type { Custody } from '../../client/custody.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { openLog, type Place, placeOf } from '../../evidence/log.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { EvidenceFolder } from '../../store/evidence/folder.ts';

export interface Taken {
  readonly sealed: Sealed;
  readonly files: number;
  /** Absolute. */
  readonly folder: string;
  /** Public key that it is verified with. */
  readonly key: string;
  /** The contents were erased: hashes alone can be checked. */
  readonly isErased: boolean;
}

/** Seals a session, and copies its bundle. @throws CustodyError USAGE, EVIDENCE_…, BUNDLE_TORN, NO_WORKER */
export async function takeBundle(
  custody: Custody,
  id: string,
  options: { readonly out: string; readonly config: string; readonly withheld: boolean },
): Promise<Taken> {
  const config = await loadOperatorConfig(options.config);
  const folder = resolve(options.out);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new CustodyError('USAGE', `${folder} is not empty: nothing may stand in a bundle that it does not list.`);
  const { namespace } = custody.temporal.options;
  const sealed = await sealedNow(custody, id, await placeOf(config, namespace, id));
  const log = await openLog(config, namespace, id);
  const { store, signer, key } = log;
  const to = new EvidenceFolder(folder);
  const files = await copyBundle(store, to, nativeSha256);
  if (key && !options.withheld)
    await to.put(SESSION_KEY, Buffer.from(`${Buffer.from(key).toString('base64')}\n`), { kind: 'replaces' });
  const isErased = key === undefined;
  return { sealed: sealed ?? (await asKept(log)), files, folder, key: vkeyOf(signer.verifier), isErased };
}

/** Seals what there is; undefined where nothing can be added, and the archive has what was sealed before. */
async function sealedNow(custody: Custody, id: string, { keys, folder, store }: Place): Promise<Sealed | undefined> {
  if (await keys.isErased(folder)) return undefined;
  try {
    const sealed = await custody.evidence.seal(id);
    if (sealed.failing) throw new CustodyError(sealed.failing.code, sealed.failing.message);
    return sealed;
  } catch (error) {
    const isGone = error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND';
    if (isGone && (await store.has(MANIFEST))) return undefined;
    throw error;
  }
}

async function asKept(log: Log): Promise<Sealed> {
  const { tree, last } = await readBy(log);
  const root = bytesToHex(rootOf(tree, log.hasher));
  return { size: tree.size, root, at: Date.parse(last?.at ?? '') || 0, isWhole: isLast(last) };
}
