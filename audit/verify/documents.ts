import { bytesToHex } from '@noble/hashes/utils.js';
import { isObject } from '../../protocol/values/json.ts';
import type { Leaf } from '../seal/leaf.ts';
import { refsIn } from '../seal/refs.ts';
import {
  CHECKPOINT,
  DOCUMENTS,
  documentPath,
  HISTORIES,
  OPENINGS,
  TIMESTAMP,
  VALUES,
  valuePath,
} from '../seal/paths.ts';
import type { Context } from './context.ts';
import type { Files } from './files.ts';
import { canonicalIn } from './json.ts';
import type { Opened } from './openings.ts';

/** Are documents and values what records name by hash, and is there no file of another kind? */
export async function checkDocuments(
  context: Context,
  files: Files,
  leaves: readonly (Leaf | undefined)[],
  { records, keys }: Opened,
): Promise<void> {
  const { findings } = context;
  const documents = new Set(leaves.flatMap((leaf) => (leaf ? namedIn(leaf) : [])).map(documentPath));
  for (const path of documents)
    if (!files.listed.has(path)) findings.add('DOCUMENT_INVALID', 'a record names it, and it is not there', { path });
  const values = new Map(
    records.flatMap((record) => (record ? refsIn(record.data) : [])).map((ref) => [ref.sha256, ref]),
  );
  for (const path of files.listed.keys()) {
    if (path.startsWith(DOCUMENTS)) await checkDocument(context, files, path, documents.has(path));
    else if (path.startsWith(VALUES)) {
      if (keys) await checkValue(context, files, path, keys.open);
    } else if (!KNOWN.some((known) => path === known || (known.endsWith('/') && path.startsWith(known))))
      findings.add('FILE_UNEXPECTED', 'a bundle has no such file', { path });
  }
  for (const sha256 of values.keys())
    if (!files.listed.has(valuePath(sha256)))
      findings.add('VALUE_ABSENT', `the value with SHA-256 ${sha256} is not in the bundle`);
}

const KNOWN = [CHECKPOINT, TIMESTAMP, 'tile/', OPENINGS, HISTORIES];

const namedIn = ({ shown }: Leaf): readonly string[] =>
  isObject(shown.documents) ? Object.values(shown.documents).filter((hash) => typeof hash === 'string') : [];

async function checkDocument(context: Context, files: Files, path: string, isNamed: boolean): Promise<void> {
  const { findings, sha256 } = context;
  if (!isNamed) return findings.add('DOCUMENT_INVALID', 'no record names it', { path });
  const bytes = await files.get(path);
  if (!bytes) return;
  if (documentPath(bytesToHex(sha256(bytes))) !== path || canonicalIn(bytes) === undefined)
    findings.add('DOCUMENT_INVALID', 'it is not the document that its name says', { path });
}

async function checkValue(
  { findings, sha256 }: Context,
  files: Files,
  path: string,
  open: (path: string, sealed: Uint8Array) => Promise<Uint8Array | null>,
): Promise<void> {
  const sealed = await files.get(path);
  const bytes = sealed && (await open(path, sealed));
  if (sealed && (!bytes || valuePath(bytesToHex(sha256(bytes))) !== path))
    findings.add('VALUE_INVALID', 'it is not the value that its name says', { path });
}
