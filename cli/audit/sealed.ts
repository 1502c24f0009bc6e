import { statSync } from 'node:fs';
import type { Values } from '../../audit/read/values.ts';
import type { SessionRecords } from '../../audit/report/facts.ts';
import { CustodyError } from '../../protocol/errors.ts';

/** The values of a bundle that was verified. @throws CustodyError BUNDLE_MALFORMED, EVIDENCE_… */
export async function sealedValues(dir: string): Promise<Values> {
  const [{ BundleFolder }, { keysIn }, { valuesIn }] = await Promise.all([
    import('./bundleFolder.ts'),
    import('../../audit/verify/openings.ts'),
    import('./bundleValues.ts'),
  ]);
  const folder = new BundleFolder(dir);
  return valuesIn(folder, await keysIn(folder));
}

/** Is it a folder, which may hold a bundle? */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * What a bundle holds, once it is verified: nothing of one that is not sound.
 *
 * @param trust keys that it is verified with
 * @throws CustodyError USAGE, BUNDLE_MALFORMED, EVIDENCE_ERASED
 */
export async function sealedIn(dir: string, trust: readonly string[] | undefined): Promise<SessionRecords> {
  if (trust === undefined)
    throw new CustodyError(
      'USAGE',
      `Say with --trust whose key ${dir} is verified with before anything of it is read.`,
    );
  const [{ trustOf }, { verifyAt }, { sealedSource }] = await Promise.all([
    import('./trust.ts'),
    import('./verify.ts'),
    import('../../audit/report/verify.ts'),
  ]);
  const verification = await verifyAt(dir, await trustOf({ trust }));
  if (!verification.isSound)
    throw new CustodyError('BUNDLE_MALFORMED', `${dir} is not sound; \`custody verify\` says what is wrong with it.`);
  const source = sealedSource(verification);
  if (source) return source;
  throw new CustodyError('EVIDENCE_ERASED', `The contents of ${dir} cannot be read: its session.key is not there.`);
}
