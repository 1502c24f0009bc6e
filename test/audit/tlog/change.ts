import fc from 'fast-check';

/** A way to damage bytes; `undefined` from `damaged`: the file is gone. */
export interface Change {
  readonly kind: 'flip' | 'cut' | 'add' | 'insert' | 'empty' | 'gone';
  readonly at: number;
  readonly bit: number;
}

export const anyChange: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'add', 'insert', 'empty', 'gone'),
  at: fc.nat(1_000_000),
  bit: fc.nat(7),
});

/** The bytes after the change: always others than before. */
export function damaged(bytes: Uint8Array, { kind, at, bit }: Change): Uint8Array | undefined {
  const position = at % Math.max(1, bytes.length);
  if (kind === 'gone') return undefined;
  if (kind === 'add' || bytes.length === 0) return Uint8Array.from([...bytes, bit]);
  if (kind === 'cut') return bytes.slice(0, position);
  if (kind === 'empty') return new Uint8Array(0);
  if (kind === 'insert') return Uint8Array.from([...bytes.slice(0, position), bit + 1, ...bytes.slice(position)]);
  return bytes.map((byte, index) => (index === position ? byte ^ (1 << bit) : byte));
}
