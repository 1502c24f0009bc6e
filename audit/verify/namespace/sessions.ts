import { hexToBytes } from '@noble/hashes/utils.js';
import type { SessionLeaf } from '../../../protocol/evidence/namespaceLog.ts';
import { CHECKPOINT, originOf, sessionFolderName } from '../../seal/paths.ts';
import { type Checkpoint, verifyCheckpoint } from '../../tlog/note/checkpoint.ts';
import { consistencyPaths, nodesIn } from '../../tlog/tiles/nodes.ts';
import { TILE_WIDTH } from '../../tlog/tiles/paths.ts';
import { HASH_BYTES } from '../../tlog/tree/hashing.ts';
import { consistencyProof } from '../../tlog/tree/proofs.ts';
import { isConsistent } from '../../tlog/tree/verify.ts';
import { type Bundle, MOST } from '../bundle.ts';
import { type Context, whyOf } from '../context.ts';
import { type NamespaceLeaves, quoted } from './leaves.ts';

/** Folders of sessions that are looked for in what no leaf names. */
const MOST_FILES = 2_000_000;

/** Bytes of a tile of hashes. */
const HASH_TILE = TILE_WIDTH * HASH_BYTES;

/** Is each session that the log names there, as large as it was, and does it go on from each of its leaves? */
export async function checkSessions(
  context: Context,
  namespace: string,
  { sessions }: NamespaceLeaves,
  archive: Bundle,
): Promise<void> {
  for (const [session, leaves] of sessions) await checkSession(context, namespace, session, leaves, archive);
  await findUnnamed(context, sessions, archive);
}

async function checkSession(
  { findings, trust, hasher }: Context,
  namespace: string,
  session: string,
  leaves: readonly SessionLeaf[],
  archive: Bundle,
): Promise<void> {
  const folder = sessionFolderName(session);
  const place = { path: `sessions/${folder}` };
  const most = leaves.reduce((size, leaf) => Math.max(size, leaf.size), 0);
  let checkpoint: Checkpoint;
  try {
    const note = await archive.get(`${folder}/${CHECKPOINT}`, MOST.note);
    if (!note)
      return findings.add('SESSION_DROPPED', `${quoted(session)} had ${most} records, and is not there`, place);
    ({ checkpoint } = await verifyCheckpoint(note, { origin: originOf(namespace, session), keys: trust.keys }));
  } catch (error) {
    return findings.add('SESSION_DIFFERS', `the checkpoint of ${quoted(session)}: ${whyOf(error)}`, place);
  }
  const { size } = checkpoint;
  // Each is read once, for however many leaves.
  const tiles = new Map<string, Uint8Array | undefined>();
  if (size < most) findings.add('SESSION_SHRUNK', `${quoted(session)} had ${most} records, and has ${size}`, place);
  for (const leaf of leaves.filter((each) => each.size <= size))
    try {
      const proof = await proofBetween(leaf.size, size);
      const earlier = { size: leaf.size, root: hexToBytes(leaf.root) };
      if (!isConsistent(earlier, checkpoint, proof, hasher))
        return findings.add('SESSION_DIFFERS', `${quoted(session)} had other records at size ${leaf.size}`, place);
    } catch (error) {
      return findings.add('SESSION_DIFFERS', `${quoted(session)}: ${whyOf(error)}`, place);
    }

  async function proofBetween(earlier: number, later: number): Promise<readonly Uint8Array[]> {
    for (const path of consistencyPaths(earlier, later))
      if (!tiles.has(path)) tiles.set(path, await archive.get(`${folder}/${path}`, HASH_TILE));
    return consistencyProof(
      earlier,
      later,
      nodesIn(later, (path) => tiles.get(path), hasher),
      hasher,
    );
  }
}

/** Sessions that are there, and that the log does not know: it was cut, or could not be written. */
async function findUnnamed(
  { findings }: Context,
  sessions: NamespaceLeaves['sessions'],
  archive: Bundle,
): Promise<void> {
  const named = new Set(Array.from(sessions.keys(), sessionFolderName));
  let seen = 0;
  try {
    for await (const path of archive.list('')) {
      if ((seen += 1) > MOST_FILES) return findings.add('TOO_LARGE', `the archive has more than ${MOST_FILES} files`);
      const [folder = '', file] = path.split('/');
      if (file === CHECKPOINT && path === `${folder}/${file}` && !named.has(folder))
        findings.add('SESSION_UNNAMED', 'it was sealed, and the log does not name it', {
          path: `sessions/${folder.slice(0, 200)}`,
        });
    }
  } catch (error) {
    findings.add('FILE_UNREADABLE', whyOf(error), { path: 'sessions' });
  }
}
