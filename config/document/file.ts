import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { LIMITS } from '../../protocol/limits.ts';
import { readDocument, TOO_LARGE, unreadable, type Document } from './document.ts';

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'does not exist; check the path',
  EISDIR: 'is a folder; name a file in it',
  EACCES: 'may not be read by this user; change its permissions',
};

/** Why a file cannot be read, in words. */
export const whyUnreadable = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return REASONS[code] ?? `cannot be read (${code})`;
};

/** The first bytes of a file, `limit` at most; also of pipes, which have no size. */
export async function readHead(path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: limit - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A YAML or JSON file. Never throws: what is wrong with the file is a problem of the document. */
export async function readFileDocument(path: string): Promise<Document> {
  let bytes: Buffer;
  try {
    bytes = await readHead(path, LIMITS.specBytes + 1);
  } catch (error) {
    return { ...unreadable(path, whyUnreadable(error)), unopened: true };
  }
  if (bytes.length > LIMITS.specBytes) return unreadable(path, TOO_LARGE);
  if (!isUtf8(bytes)) return unreadable(path, 'is not UTF-8 text; save it as UTF-8');
  return readDocument(bytes.toString('utf8'), path);
}
