import { bytesToHex } from '@noble/hashes/utils.js';
import type { Listed } from '../seal/manifest.ts';
import { UNLISTED } from '../seal/manifest.ts';
import { MOST, MOST_FILES } from './bundle.ts';
import { type Context, unreadable, whyOf } from './context.ts';
import type { Signed } from './signatures.ts';

/** The files of a bundle that are what the list says. */
export interface Files {
  readonly listed: Listed;
  /** The bytes of one; undefined where it is not there, or not what is listed: that was found before. */
  readonly get: (path: string) => Promise<Uint8Array | undefined>;
}

/** Is each file that is listed there and unchanged, and no other? */
export async function checkFiles(context: Context, { listed }: Signed): Promise<Files> {
  const { findings } = context;
  const known: Listed = listed ?? new Map();
  const sound = await unchanged(context, known);
  if (listed) await findUnlisted(context, known);
  return {
    listed: known,
    async get(path) {
      if (!sound.has(path)) return undefined;
      // It may be changed by somebody in between.
      const bytes = await bytesAt(context, path);
      if (bytes && hashOf(context, bytes) === known.get(path)) return bytes;
      return void findings.add('FILE_CHANGED', 'it changed while it was verified', { path });
    },
  };
}

/** The paths of files that are as listed. */
async function unchanged(context: Context, listed: Listed): Promise<ReadonlySet<string>> {
  const { findings } = context;
  const sound = new Set<string>();
  let total = 0;
  for (const [path, wanted] of listed) {
    const bytes = await bytesAt(context, path);
    if (!bytes) continue;
    const hash = hashOf(context, bytes);
    if (hash === wanted) sound.add(path);
    else findings.add('FILE_CHANGED', `its SHA-256 is ${hash}, not ${wanted}`, { path });
    total += bytes.length;
    if (total > MOST.bundle) {
      findings.add('TOO_LARGE', `its files have more than ${MOST.bundle} bytes`);
      break;
    }
  }
  return sound;
}

async function bytesAt({ bundle, findings }: Context, path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await bundle.get(path, MOST.file);
    if (!bytes) findings.add('FILE_MISSING', 'it is listed, and not there', { path });
    return bytes;
  } catch (error) {
    return void findings.add(unreadable(error), whyOf(error), { path });
  }
}

const hashOf = ({ sha256 }: Context, bytes: Uint8Array): string => bytesToHex(sha256(bytes));

async function findUnlisted({ bundle, findings }: Context, listed: Listed): Promise<void> {
  let seen = 0;
  try {
    for await (const path of bundle.list('')) {
      seen += 1;
      if (seen > 2 * MOST_FILES) return findings.add('TOO_LARGE', `it has more than ${2 * MOST_FILES} files`);
      if (!listed.has(path) && !UNLISTED.includes(path))
        findings.add('FILE_UNLISTED', 'nothing vouches for it', { path: path.slice(0, 500) });
    }
  } catch (error) {
    findings.add(unreadable(error), whyOf(error));
  }
}
