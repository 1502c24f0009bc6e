import { bytesToHex } from '@noble/hashes/utils.js';
import { checkLog } from '../tlog/tiles/check.ts';
import { filesFrom, type LogFile } from '../tlog/tiles/files.ts';
import { TILE_WIDTH, tilePath, tilesOf } from '../tlog/tiles/paths.ts';
import { rootOf } from '../tlog/tree/frontier.ts';
import { MOST, MOST_FILES } from './bundle.ts';
import type { Context } from './context.ts';
import type { Files } from './files.ts';
import type { Signed } from './signatures.ts';

/** Do the tiles give the root that was signed? Answers with the entries; with none where they do not. */
export async function checkTree(
  { findings, hasher }: Context,
  { log }: Signed,
  files: Files,
): Promise<readonly Uint8Array[]> {
  if (!log) return [];
  if (log.size > MOST_FILES * TILE_WIDTH) {
    findings.add('TOO_LARGE', `the checkpoint is of ${log.size} records`);
    return [];
  }
  let total = 0;
  const tiles: LogFile[] = [];
  const wanted = new Set<string>();
  for (const tile of tilesOf(log.size)) {
    const path = tilePath(tile);
    wanted.add(path);
    const bytes = await files.get(path);
    total += bytes?.length ?? 0;
    if (total > MOST.log) {
      findings.add('TOO_LARGE', `its tiles have more than ${MOST.log} bytes`);
      return [];
    }
    if (bytes) tiles.push({ path, bytes });
    // A log that claims to be endless is not looked for tile by tile.
    else if (!files.listed.has(path)) {
      findings.add('TREE_INVALID', 'a tile of the log is not there', { path });
      return [];
    }
  }
  // Tiles of another size than the checkpoint's would be read by others as part of the log.
  for (const path of files.listed.keys())
    if (path.startsWith('tile/') && !wanted.has(path))
      findings.add('FILE_UNEXPECTED', `a log of ${log.size} records has no such tile`, { path });
  const entries: Uint8Array[] = [];
  const { tree, faults } = checkLog(log.size, filesFrom(tiles), {
    hasher,
    onEntry: (entry) => void entries.push(entry),
  });
  for (const { path, message } of faults) findings.add('TREE_INVALID', message, { path });
  if (faults.length > 0 || !tree) return [];
  const root = bytesToHex(rootOf(tree, hasher));
  if (root === log.root) return entries;
  findings.add('TREE_INVALID', `the root of the entries is ${root}, and ${log.root} was signed`);
  return [];
}
