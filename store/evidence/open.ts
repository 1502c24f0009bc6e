import type { EvidenceStore } from '../../protocol/evidence/store.ts';
import { EvidenceFolder } from './folder.ts';
import type { S3Account } from './s3.ts';

/** The store of an archive. The client of S3 is loaded only where one is named. */
export async function openEvidence(
  archive: { readonly folder: string } | { readonly s3: S3Account },
): Promise<EvidenceStore> {
  if ('folder' in archive) return new EvidenceFolder(archive.folder);
  const { EvidenceBucket } = await import('./s3.ts');
  return new EvidenceBucket(archive.s3);
}
