import { bytesToHex } from '@noble/hashes/utils.js';
import { type Listed, parseManifest } from '../seal/manifest.ts';
import { CHECKPOINT, MANIFEST } from '../seal/paths.ts';
import { type Checkpoint, parseCheckpoint } from '../tlog/note/checkpoint.ts';
import { verifyNote } from '../tlog/note/verify.ts';
import { MOST, MOST_FILES } from './bundle.ts';
import { type Context, whyOf } from './context.ts';

/** What stands under a signature that is trusted. */
export interface Signed {
  readonly listed: Listed | null;
  readonly log: { readonly origin: string; readonly size: number; readonly root: string } | null;
  /** The text of the checkpoint. */
  readonly text: string;
}

/** Is the list of files, and is the checkpoint, signed by somebody who is trusted, and are both of this log? */
export async function checkSignatures(context: Context): Promise<Signed> {
  const { trust, findings } = context;
  const manifest = await signedAt(context, MANIFEST, MOST.manifest, 'MANIFEST_INVALID', parseManifest);
  const checkpoint = await signedCheckpoint(context);
  const origins = [manifest?.value.origin, checkpoint?.value.origin].filter((each) => each !== undefined);
  const expected = trust.origin ?? origins[0];
  for (const origin of new Set(origins))
    if (origin !== expected) findings.add('ORIGIN_DIFFERS', `it is of ${JSON.stringify(origin)}, not of ${expected}`);
  const isLarge = (manifest?.value.files.size ?? 0) > MOST_FILES;
  if (isLarge) findings.add('TOO_LARGE', `more than ${MOST_FILES} files are listed`, { path: MANIFEST });
  const log = checkpoint ? logOf(checkpoint.value) : null;
  return { listed: isLarge ? null : (manifest?.value.files ?? null), log, text: checkpoint?.text ?? '' };
}

/** The checkpoint, where somebody who is trusted signed it. */
export const signedCheckpoint = (context: Context) =>
  signedAt(context, CHECKPOINT, MOST.note, 'CHECKPOINT_INVALID', parseCheckpoint);

export const logOf = ({ origin, size, root }: Checkpoint) => ({ origin, size, root: bytesToHex(root) });

async function signedAt<T>(
  { bundle, trust, findings }: Context,
  path: string,
  most: number,
  code: 'MANIFEST_INVALID' | 'CHECKPOINT_INVALID',
  parse: (text: string) => T,
): Promise<{ readonly text: string; readonly value: T } | undefined> {
  try {
    const note = await bundle.get(path, most);
    if (!note) return void findings.add(code, 'it is not there', { path });
    const { text } = await verifyNote(note, trust.keys, most);
    return { text, value: parse(text) };
  } catch (error) {
    return void findings.add(code, whyOf(error), { path });
  }
}
