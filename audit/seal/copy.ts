import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';
import { parseNote } from '../tlog/note/note.ts';
import type { Sha256 } from '../tlog/tree/hashing.ts';
import { MANIFEST_BYTES } from './log.ts';
import { parseManifest } from './manifest.ts';
import { CHECKPOINT, MANIFEST } from './paths.ts';

/** Bytes of the largest file of a bundle. */
export const FILE_BYTES = 64 * 1024 * 1024;

/** So often is a bundle that is being written read again. */
const TRIES = 5;

/**
 * Copies a bundle, as it is listed and nothing else. What never changes is copied before what says so.
 *
 * @returns how many files it has
 * @throws CustodyError EVIDENCE_MISSING where there is none; BUNDLE_TORN where it changes under way, again and again
 */
export async function copyBundle(from: EvidenceStore, to: EvidenceStore, sha256: Sha256): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const manifest = await from.get(MANIFEST, MANIFEST_BYTES);
    if (!manifest) throw new CustodyError('EVIDENCE_MISSING', 'Nothing was sealed of this session yet.');
    const { files } = parseManifest(parseNote(manifest, MANIFEST_BYTES).text);
    const paths = [...files.keys()].filter((path) => path !== CHECKPOINT);
    // It is the first to change.
    const note = await from.get(CHECKPOINT, FILE_BYTES);
    if (note && bytesToHex(sha256(note)) === files.get(CHECKPOINT)) {
      for (const path of paths) await copyFile(path);
      await to.put(CHECKPOINT, note, { kind: 'replaces' });
      await to.put(MANIFEST, manifest, { kind: 'replaces' });
      return paths.length + 2;
    }
    if (tries >= TRIES) throw new CustodyError('BUNDLE_TORN', 'The bundle is being written; read it again.');
  }

  /** What is damaged is copied as it is: whoever verifies finds it. */
  async function copyFile(path: string): Promise<void> {
    const bytes = await from.get(path, FILE_BYTES);
    if (bytes) await to.put(path, bytes, { kind: 'replaces' });
  }
}
