import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { EvidenceRecord } from '../read/record.ts';
import { KEY_BYTES, type SessionKeys, sessionKeys } from '../seal/keys.ts';
import { isErasure, type Leaf, opened, type Opening } from '../seal/leaf.ts';
import type { Sha256 } from '../tlog/tree/hashing.ts';
import { OPENINGS, openingsIn, SESSION_KEY } from '../seal/paths.ts';
import { fromBase64, textOf } from '../tlog/note/text.ts';
import { type Bundle, MOST } from './bundle.ts';
import { type Context, whyOf } from './context.ts';
import type { Files } from './files.ts';
import { canonicalIn } from './json.ts';

/** What was opened, and with what. */
export interface Opened {
  readonly records: readonly (EvidenceRecord | undefined)[];
  readonly keys: SessionKeys | undefined;
}

/** Is what each record is said to have held what it was sealed with? */
export async function checkOpenings(
  context: Context,
  files: Files,
  leaves: readonly (Leaf | undefined)[],
): Promise<Opened> {
  const { findings } = context;
  const records: (EvidenceRecord | undefined)[] = leaves.map(() => undefined);
  const keys = await keysOf(context);
  if (!keys) {
    if (leaves.length > 0 && !leaves.some(isErasure))
      findings.add('WITHHELD', `the contents of ${leaves.length} records cannot be read`);
    return { records, keys };
  }
  for (const path of files.listed.keys()) {
    if (!path.startsWith(OPENINGS)) continue;
    for (const [seq, opening] of await openingsAt(context, files, keys, path)) {
      const leaf = leaves[seq];
      const record = leaf && recordOf(leaf, opening, keys.salt(seq), context.sha256);
      if (leaf && !record)
        findings.add('OPENING_INVALID', 'its contents are not those that were sealed', { path, seq });
      if (record) records[seq] = record;
    }
  }
  const closed = leaves.findIndex((leaf, seq) => leaf && !records[seq]);
  if (closed >= 0) findings.add('OPENING_INVALID', 'its contents are not there', { seq: closed });
  return { records, keys };
}

/** The record that was sealed; null for an opening that is not that of the leaf, or is none. */
export function recordOf(leaf: Leaf, opening: Opening, salt: Uint8Array, sha256: Sha256): EvidenceRecord | null {
  if (opening.salt !== bytesToHex(salt)) return null;
  try {
    return opened(leaf, opening, salt, sha256);
  } catch {
    // What a record of its kind must have is not there.
    return null;
  }
}

async function keysOf({ bundle, trust, findings }: Context): Promise<SessionKeys | undefined> {
  if (trust.sessionKey) return sessionKeys(trust.sessionKey);
  try {
    return await keysIn(bundle);
  } catch (error) {
    return void findings.add('KEY_WRONG', whyOf(error), { path: SESSION_KEY });
  }
}

/** Made of the key that lies in a bundle; undefined: it has none. @throws CustodyError BUNDLE_MALFORMED, EVIDENCE_… */
export async function keysIn(bundle: Pick<Bundle, 'get'>): Promise<SessionKeys | undefined> {
  const text = await bundle.get(SESSION_KEY, MOST.key);
  if (!text) return undefined;
  const line = textOf(text);
  const key = line?.endsWith('\n') ? fromBase64(line.slice(0, -1)) : undefined;
  if (key?.length === KEY_BYTES) return sessionKeys(key);
  throw new CustodyError('BUNDLE_MALFORMED', `${SESSION_KEY} is not ${KEY_BYTES} bytes in base64 on one line.`);
}

async function openingsAt(
  { findings }: Context,
  files: Files,
  keys: SessionKeys,
  path: string,
): Promise<readonly (readonly [seq: number, opening: Opening])[]> {
  const place = openingsIn(path);
  if (!place) return (findings.add('FILE_UNEXPECTED', 'it names no openings', { path }), []);
  const sealed = await files.get(path);
  if (!sealed) return [];
  const bytes = await keys.open(path, sealed);
  if (!bytes) return (findings.add('KEY_WRONG', 'the key does not open it', { path }), []);
  const list = listIn(bytes);
  if (list?.length === place.count) return list.map((opening, at) => [place.first + at, opening] as const);
  findings.add('OPENING_INVALID', `it is not a list of ${place.count} openings`, { path });
  return [];
}

function listIn(bytes: Uint8Array): readonly Opening[] | undefined {
  const value: unknown = canonicalIn(bytes);
  return Array.isArray(value) && value.every(isOpening) ? value : undefined;
}

/** Has a value the form of an opening? */
export const isOpening = (value: unknown): value is Opening =>
  isObject(value) && Object.keys(value).sort().join() === 'by,data,proof,salt' && typeof value.salt === 'string';
