import * as z from 'zod/mini';
import { problemOfPath } from '../../protocol/evidence/path.ts';
import { addProblem, type Ctx, pattern, pick } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';
import { secretReference, type SecretReference } from '../schema/server.ts';
import { type Retention, retention } from './retention.ts';

/** How evidence is kept. */
export interface EvidenceConfig {
  readonly archive: ArchiveConfig;
  /** The key that signs: `custody keys evidence` makes one. */
  readonly sign: SecretReference;
  /** Public keys that signed before, and are still believed. */
  readonly before: readonly string[];
  /** Folder of the keys of sessions: who deletes one from it erases what was sealed of that session. As written. */
  readonly keys: string;
  /** Who cosigns each checkpoint (c2sp.org/tlog-witness). */
  readonly witnesses: readonly WitnessConfig[];
  /** Who timestamps each checkpoint (RFC 3161). */
  readonly timestamp?: TimestampConfig;
  /** How long nobody can delete what was kept; not locked where absent. */
  readonly retention?: Retention;
}

export interface WitnessConfig {
  /** `/add-checkpoint` comes behind it. */
  readonly url: string;
  /** Its public key for cosignatures. */
  readonly key: string;
}

export interface TimestampConfig {
  readonly url: string;
  /** File of the root certificates that are trusted, in PEM. A path is as written. */
  readonly roots: string;
}

/** Where it is kept. A path is as written, and references stay references. */
export type ArchiveConfig = { readonly folder: string } | { readonly s3: S3Config };

/** A bucket behind an API that is S3's. */
export interface S3Config {
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  /** What every key of the bucket begins with, without the `/` behind it; empty for none. */
  readonly prefix: string;
  readonly accessKey: SecretReference;
  readonly secretKey: SecretReference;
}

const url = z.string().check(z.superRefine(checkUrl));

const s3: Schema<S3Config> = z.strictObject({
  url,
  bucket: pattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'),
  region: z._default(pattern(/^[a-z0-9-]{1,63}$/, 'a region such as "eu-central-1"'), 'us-east-1'),
  prefix: z._default(z.string().check(z.superRefine(checkPrefix)), ''),
  accessKey: secretReference,
  secretKey: secretReference,
});

const vkey = pattern(/^[^\s+]{1,256}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{43,}=*$/, 'a public key of `custody keys evidence`');

const folder = pattern(/^[^\p{Cc}]+$/u, 'the path of a folder');

const archive = pick<ArchiveConfig>((given) => {
  if (!isObject(given)) return 'must be { folder: PATH }, or { s3: … }';
  if ('folder' in given && 's3' in given) return 'has both folder and s3; keep one of them';
  return 's3' in given ? z.strictObject({ s3 }) : z.strictObject({ folder });
});

/** What stands under `evidence` in custody.yaml. */
export const evidenceSchema: Schema<EvidenceConfig> = z.strictObject({
  archive,
  sign: secretReference,
  before: z._default(z.array(vkey), []),
  keys: folder,
  witnesses: z._default(z.array(z.strictObject({ url, key: vkey })), []),
  timestamp: z.exactOptional(z.strictObject({ url, roots: folder })),
  retention: z.exactOptional(retention),
});

/** The text of a URL is never repeated: it may hold credentials. */
function checkUrl(url: string, ctx: Ctx): void {
  if (!URL.canParse(url))
    return addProblem(ctx, [], 'is not a URL; write it in full, such as "https://s3.example.com"');
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') addProblem(ctx, [], 'must begin with https:// or http://');
  if (username || password)
    addProblem(ctx, [], 'holds credentials; leave them out and give them by reference as accessKey and secretKey');
  if (search || hash) addProblem(ctx, [], 'must be the address of the service alone, without "?" and "#"');
}

function checkPrefix(prefix: string, ctx: Ctx): void {
  const problem =
    prefix === '' ? undefined : prefix.length > 200 ? 'has more than 200 characters' : problemOfPath(prefix);
  if (problem !== undefined) addProblem(ctx, [], problem);
}
