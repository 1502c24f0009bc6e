import type { Json } from './json.ts';

/** A JSON value that stands outside history, behind what proves and shows it. */
export interface Ref {
  /** SHA-256 of the value's RFC 8785 form in UTF-8, in hex. */
  readonly sha256: string;
  /** Bytes of that form. */
  readonly bytes: number;
  /** The first characters of that form, `PREVIEW` at most. */
  readonly preview: string;
}

/** Where such values are kept: by their hash, so that one value is kept once, and none can be exchanged. */
export interface PayloadStore {
  /**
   * Keeps a value; it is on disk when this resolves. Cheap for a value that is there already.
   * @param value without what `problemOfJson` names
   * @throws CustodyError STORE_UNAVAILABLE
   */
  put(value: Json): Promise<Ref>;
  /**
   * The value of a reference, checked against its size and hash.
   * @throws CustodyError PAYLOAD_MISSING, PAYLOAD_CORRUPT, STORE_UNAVAILABLE
   */
  get(ref: Ref): Promise<Json>;
}

/** UTF-16 code units of a preview. */
export const PREVIEW = 1024;

/** The beginning of a text, as history shows it: a surrogate pair that is cut in two gives way to U+FFFD. */
export const previewOf = (text: string): string => text.slice(0, PREVIEW).toWellFormed();

const SHA256 = /^[0-9a-f]{64}$/;

/** Is a value from outside a reference? It says nothing on whether the store has what it refers to. */
export function isRef(value: unknown): value is Ref {
  if (typeof value !== 'object' || value === null) return false;
  const { sha256, bytes, preview } = value as { readonly [key: string]: unknown };
  return (
    Object.keys(value).length === 3 &&
    typeof sha256 === 'string' &&
    SHA256.test(sha256) &&
    typeof bytes === 'number' &&
    Number.isSafeInteger(bytes) &&
    bytes > 0 &&
    typeof preview === 'string' &&
    preview.length <= PREVIEW &&
    preview.isWellFormed()
  );
}
