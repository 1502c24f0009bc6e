import { bytesToHex } from '@noble/hashes/utils.js';
import type { NoteSignature } from '../tlog/note/note.ts';
import { noteBytes, parseNote } from '../tlog/note/note.ts';
import { withSignature } from '../tlog/note/sign.ts';
import { bytesOf } from '../tlog/note/text.ts';
import { filesFrom } from '../tlog/tiles/files.ts';
import { consistencyPaths, nodesIn } from '../tlog/tiles/nodes.ts';
import { consistencyProof } from '../tlog/tree/proofs.ts';
import { type Held, read, type SignedLog, TILE_BYTES } from './log.ts';
import { CHECKPOINT, TIMESTAMP } from './paths.ts';
import { write, writeSigned } from './write.ts';

/** What those outside are asked for. */
export interface Asked {
  /** The signed note. */
  readonly checkpoint: Uint8Array;
  /** Its text. */
  readonly text: Uint8Array;
  readonly size: number;
  /** The consistency proof from a smaller tree. */
  readonly proofFrom: (earlier: number) => Promise<readonly Uint8Array[]>;
}

/** Who outside is to vouch for a checkpoint. */
export interface Outside {
  /** Names and ids of the keys with which witnesses are to sign. */
  readonly keys: readonly Pick<NoteSignature, 'name' | 'id'>[];
  readonly cosign: (asked: Asked) => Promise<readonly NoteSignature[]>;
  /** Absent where no timestamp is wanted. */
  readonly timestamp?: (asked: Asked) => Promise<Uint8Array>;
}

/**
 * Has those outside vouch for the checkpoint of a log, where they have not yet. What is sealed stays sealed where
 * one of them fails.
 *
 * @throws CustodyError whatever they fail with
 */
export async function vouched(log: SignedLog, held: Held, { keys, cosign, timestamp }: Outside): Promise<Held> {
  const { hasher } = log;
  const { size } = held.tree;
  const checkpoint = await read(log, held.files, CHECKPOINT);
  let note = parseNote(checkpoint);
  const isMissing = keys.some((key) => !note.signatures.some(({ name, id }) => name === key.name && id === key.id));
  const isUnstamped = timestamp !== undefined && !(await isThere(log, held, TIMESTAMP));
  if (size === 0 || (!isMissing && !isUnstamped)) return held;
  const asked: Asked = {
    checkpoint,
    text: bytesOf(note.text),
    size,
    async proofFrom(earlier) {
      const paths = consistencyPaths(earlier, size);
      const tiles = await Promise.all(paths.map(async (path) => ({ path, bytes: await read(log, held.files, path) })));
      return consistencyProof(earlier, size, nodesIn(size, filesFrom(tiles), hasher), hasher);
    },
  };
  let files = held.files;
  if (isUnstamped) {
    const answer = await timestamp(asked);
    await write(log, TIMESTAMP, answer);
    files = new Map([...files, [TIMESTAMP, bytesToHex(log.sha256(answer))]]);
  }
  if (isMissing) for (const signature of await cosign(asked)) note = withSignature(note, signature);
  return writeSigned(log, { ...held, files }, noteBytes(note));
}

/** Is a file listed, and what the list says? A writer that came late may have put another in its place. */
async function isThere({ store, sha256 }: SignedLog, { files }: Held, path: string): Promise<boolean> {
  const bytes = files.has(path) ? await store.get(path, TILE_BYTES) : undefined;
  return bytes !== undefined && bytesToHex(sha256(bytes)) === files.get(path);
}
