import { isRef } from '../../protocol/values/payload.ts';

/** A value outside history, by size and hash. */
export const sizeOf = (ref: unknown): string =>
  isRef(ref) ? `${ref.bytes} bytes, SHA-256 ${ref.sha256.slice(0, 16)}…` : 'outside history';

/** One line of at most so many characters. */
export const shorten = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
};
