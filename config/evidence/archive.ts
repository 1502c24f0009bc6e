import { resolve } from 'node:path';
import type { OperatorConfig } from '../operator.ts';
import { resolveValue } from '../secrets.ts';
import type { S3Config } from './schema.ts';

/** Where evidence is kept, with an absolute path, and with the keys as they are now. */
export type Archive = { readonly folder: string } | { readonly s3: S3Account };

export type S3Account = Omit<S3Config, 'accessKey' | 'secretKey'> & {
  readonly accessKey: string;
  readonly secretKey: string;
};

/**
 * The archive that custody.yaml names, or undefined where it names none.
 *
 * @throws CustodyError SECRET_MISSING
 */
export async function archiveOf({
  evidence,
  dir,
}: Pick<OperatorConfig, 'evidence' | 'dir'>): Promise<Archive | undefined> {
  if (!evidence) return undefined;
  const { archive } = evidence;
  if ('folder' in archive) return { folder: resolve(dir, archive.folder) };
  const { accessKey, secretKey, ...place } = archive.s3;
  return {
    s3: {
      ...place,
      accessKey: await resolveValue(accessKey, dir),
      secretKey: await resolveValue(secretKey, dir),
    },
  };
}
