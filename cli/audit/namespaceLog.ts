import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CHECKPOINT, namespaceIn } from '../../audit/seal/paths.ts';
import { NOTE_BYTES } from '../../audit/tlog/note/note.ts';
import type { Bundle, Trust } from '../../audit/verify/bundle.ts';
import { type NamespaceVerification, verifyNamespace } from '../../audit/verify/namespace/verify.ts';
import { BundleFolder, readPlain } from './bundleFolder.ts';

/** Does a folder say that it is the log of a namespace? */
export async function isNamespaceLog(path: string): Promise<boolean> {
  const note = await readPlain(join(path, CHECKPOINT), NOTE_BYTES).catch(() => undefined);
  const [origin = ''] = new TextDecoder().decode(note).split('\n', 1);
  return namespaceIn(origin) !== undefined;
}

/**
 * Verifies the log of a namespace with the sessions beside it.
 * @param sessions their folder; left out: where it is in an archive
 */
export async function verifyNamespaceAt(path: string, trust: Trust, sessions?: string): Promise<NamespaceVerification> {
  const folder = sessions ?? resolve(path, '../../sessions');
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return verifyNamespace(new BundleFolder(path), isThere ? new BundleFolder(folder) : NONE, trust, Date.now());
}

/** An archive in which no session is. */
const NONE: Bundle = { get: () => Promise.resolve(undefined), async *list() {} };
