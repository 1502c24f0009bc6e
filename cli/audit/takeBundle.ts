import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import { copyBundle } from '../../audit/seal/copy.ts';
import { SESSION_KEY } from '../../audit/seal/paths.ts';
import { vkeyOf } from '../../audit/tlog/note/keys.ts';
import type { Custody } from '../../client/custody.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { openLog } from '../../evidence/log.ts';
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
  const sealed = await custody.evidence.seal(id);
  if (sealed.failing) throw new CustodyError(sealed.failing.code, sealed.failing.message);
  const { namespace } = custody.temporal.options;
  const { store, signer, key } = await openLog(config, namespace, id);
  const to = new EvidenceFolder(folder);
  const files = await copyBundle(store, to, nativeSha256);
  if (!options.withheld)
    await to.put(SESSION_KEY, Buffer.from(`${Buffer.from(key).toString('base64')}\n`), { kind: 'replaces' });
  return { sealed, files, folder, key: vkeyOf(signer.verifier) };
}
