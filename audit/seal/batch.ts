import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import { canonical, digestOf } from '../../protocol/values/digest.ts';
import type { EvidenceRecord } from '../read/record.ts';
import { bytesOf } from '../tlog/note/text.ts';
import { append } from '../tlog/tiles/append.ts';
import { filesFrom, type LogFile } from '../tlog/tiles/files.ts';
import { tilePath, tilesOf } from '../tlog/tiles/paths.ts';
import { grow, rootOf } from '../tlog/tree/frontier.ts';
import type { Sha256 } from '../tlog/tree/hashing.ts';
import type { Held, Log, SignedLog } from './log.ts';
import { leafBytes, leafOf } from './leaf.ts';
import type { Listed } from './manifest.ts';
import { documentPath, historyPath, MOST_OPENINGS, openingsPath, TIMESTAMP, valuePath } from './paths.ts';
import { documentsIn } from './shown.ts';

/** What is sealed beside records. */
export interface Beside {
  /** Raw histories of runs that are over, by run id: what `temporal workflow show --output json` prints. */
  readonly histories?: ReadonlyMap<string, Uint8Array>;
  /** Values that records have by reference, by their SHA-256: RFC 8785. */
  readonly values?: ReadonlyMap<string, Uint8Array>;
}

/** What a log is once files are written. */
export interface Batch {
  readonly held: Held;
  readonly files: readonly LogFile[];
}

/**
 * Makes the files with which records, in their order, are added to a log. Nothing is written.
 * @throws CustodyError LOG_CONTRADICTS where a checkpoint was signed that they do not come to
 */
export async function batchOf(
  log: Log,
  held: Held,
  records: readonly EvidenceRecord[],
  { histories = new Map(), values = new Map() }: Beside = {},
): Promise<Batch> {
  const { keys, sha256 } = log;
  const first = held.tree.size;
  const sealed = records.map((record, at) => leafOf(record, first + at, keys.salt(first + at), sha256));
  const next = grown(
    log,
    held,
    sealed.map(({ leaf }) => leafBytes(leaf)),
  );
  const openings = sealed.map(({ opening }) => opening);
  const hidden = [...openingFiles(first, openings), ...named(histories, historyPath), ...named(values, valuePath)];
  const files = [
    ...documents(records),
    ...(await Promise.all(hidden.map(async ({ path, bytes }) => ({ path, bytes: await keys.seal(path, bytes) })))),
  ];
  const last = sealed.at(-1)?.leaf ?? held.last;
  const listed = new Map([...next.held.files, ...hashesOf(files, sha256)]);
  return { held: { ...next.held, files: listed, last }, files: [...next.files, ...files] };
}

/**
 * Makes the tiles with which entries are added to a log.
 * @throws CustodyError as `batchOf`
 */
export function grown(log: SignedLog, held: Held, entries: readonly Uint8Array[]): Batch {
  const { tree, files } = append(held.tree, held.edge, entries, log.hasher);
  const { ahead: _, ...rest } = held;
  const ahead = stillAhead(log, held, entries);
  const known = filesFrom(files);
  const listed = new Map([...held.files, ...hashesOf(files, log.sha256)]);
  return {
    held: {
      ...rest,
      tree,
      files: withoutNarrow(listed, tree.size),
      edge: (path) => known(path) ?? held.edge(path),
      ...(ahead && { ahead }),
    },
    files,
  };
}

const hashesOf = (files: readonly LogFile[], sha256: Sha256) =>
  files.map(({ path, bytes }) => [path, bytesToHex(sha256(bytes))] as const);

/** What was signed of more than these come to; what was signed of fewer is in them. */
function stillAhead(
  { origin, hasher }: SignedLog,
  { tree, ahead }: Held,
  entries: readonly Uint8Array[],
): Held['ahead'] {
  if (!ahead || tree.size + entries.length < ahead.size) return ahead;
  const leaves = entries.slice(0, ahead.size - tree.size).map((entry) => hasher.leaf(entry));
  const root = bytesToHex(rootOf(grow(tree, leaves, { hasher }), hasher));
  if (root === bytesToHex(ahead.root)) return undefined;
  throw new CustodyError('LOG_CONTRADICTS', `${origin} was signed with ${ahead.size} records that are others now.`);
}

function* openingFiles(first: number, openings: readonly string[]): Generator<LogFile> {
  for (let at = 0; at < openings.length; at += MOST_OPENINGS) {
    const some = openings.slice(at, at + MOST_OPENINGS);
    yield { path: openingsPath(first + at, some.length), bytes: bytesOf(`[${some.join(',')}]`) };
  }
}

const named = (files: ReadonlyMap<string, Uint8Array>, pathOf: (name: string) => string): LogFile[] =>
  Array.from(files, ([name, bytes]) => ({ path: pathOf(name), bytes }));

function documents(records: readonly EvidenceRecord[]): LogFile[] {
  const found = records.flatMap((record) => Object.values(documentsIn(record)));
  const byHash = new Map(found.map((document) => [digestOf(document), document]));
  return Array.from(byHash, ([hash, document]) => ({ path: documentPath(hash), bytes: bytesOf(canonical(document)) }));
}

/** Partial tiles are superseded by wider ones, and a timestamp is of a checkpoint that is no more. */
function withoutNarrow(files: Listed, size: number): Listed {
  const wanted = new Set(Array.from(tilesOf(size), (tile) => tilePath(tile)));
  return new Map([...files].filter(([path]) => path !== TIMESTAMP && (!path.startsWith('tile/') || wanted.has(path))));
}
