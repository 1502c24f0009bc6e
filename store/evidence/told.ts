import { CustodyError } from '../../protocol/errors.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';

/** @param store what cannot lock, as a message names it */
export const notLockable = (store: string): CustodyError =>
  new CustodyError('EVIDENCE_NOT_LOCKABLE', `${store} cannot lock what it keeps, and nothing was changed.`);

export const tooLarge = (path: string, most: number): CustodyError =>
  new CustodyError('EVIDENCE_TOO_LARGE', `${path} has more than the ${most} bytes that are read of it.`);

/**
 * The store says that an immutable file is there already: with these bytes all is well.
 * @throws CustodyError EVIDENCE_CONFLICT
 */
export async function sameOrConflict(store: EvidenceStore, path: string, bytes: Uint8Array): Promise<void> {
  const found = await store.get(path, bytes.length).catch((error: unknown) => {
    if (error instanceof CustodyError && error.code === 'EVIDENCE_TOO_LARGE') return 'longer' as const;
    throw error;
  });
  if (found === undefined)
    throw new CustodyError(
      'EVIDENCE_CONFLICT',
      `${path} is taken in the archive, and cannot be read there: it was deleted, or is no file.`,
    );
  if (found === 'longer' || Buffer.compare(found, bytes) !== 0)
    throw new CustodyError('EVIDENCE_CONFLICT', `${path} is in the archive with other bytes, and it never changes.`);
}
