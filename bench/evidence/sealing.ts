import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import { checkpointText, verifyCheckpoint } from '../../audit/tlog/note/checkpoint.ts';
import { signed, signerFrom } from '../../audit/tlog/note/sign.ts';
import { append } from '../../audit/tlog/tiles/append.ts';
import { bundleOf } from '../../audit/tlog/tiles/bundle.ts';
import { checkLog } from '../../audit/tlog/tiles/check.ts';
import { type Files, filesFrom, type LogFile } from '../../audit/tlog/tiles/files.ts';
import { EMPTY_TREE, rootOf } from '../../audit/tlog/tree/frontier.ts';
import { HASHER, type Hasher, hasherOver } from '../../audit/tlog/tree/hashing.ts';
import { equal } from '../../audit/tlog/tree/verify.ts';
import { logcheck, logcheckPath, withoutGo } from '../../test/audit/go/logcheck.ts';
import { figure, type Figure, ratio, type Ratio, repeat, timed } from '../figures.ts';
import { leavesUpTo } from './leaves.ts';

const SIZES = [1000, 10_000, 100_000] as const;
const ORIGIN = 'custody/bench/sealing';
const NATIVE = hasherOver(nativeSha256);
const signer = await signerFrom(ORIGIN, new Uint8Array(32).fill(1));
const NO_FILES: Files = () => undefined;

type BySize<T> = { readonly [size: string]: T };

/** What logs of different sizes cost, on one core, in memory. */
export interface Sealing {
  readonly seal: {
    readonly recordsPerSecond: BySize<Figure>;
    /** Hashing entries and building tiles: records per second over those of golang.org/x/mod. Null without Go. */
    readonly goRatio: BySize<Ratio> | null;
  };
  readonly verify: {
    readonly recordsPerSecond: BySize<Figure>;
    /** With the SHA-256 that runs in a browser too. */
    readonly portableRecordsPerSecond: BySize<Figure>;
  };
  /** Bytes of all files of the largest log, and of its leaves alone, for each record. */
  readonly bytesPerRecord: { readonly log: number; readonly leaf: number };
}

export async function sealing(repetitions: number): Promise<Sealing> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-sealing-'));
  try {
    if (withoutGo === undefined) await logcheckPath();
    const leaves = leavesUpTo(SIZES[2]);
    await verified(await sealed(leaves.slice(0, SIZES[1])), NATIVE);
    const rows = new Map<number, readonly Round[]>();
    for (const size of SIZES) rows.set(size, await rounds(leaves.slice(0, size), folder, repetitions));
    const bySize = <T>(pick: (row: readonly Round[]) => T): BySize<T> =>
      Object.fromEntries(Array.from(rows, ([size, row]) => [size, pick(row)]));
    const rate = (key: keyof Round): BySize<Figure> =>
      bySize((row) =>
        figure(
          row.map((round) => round[key]),
          0,
        ),
      );
    return {
      seal: {
        recordsPerSecond: rate('seal'),
        goRatio: withoutGo === undefined ? bySize((row) => ratio(row, 'built', 'go')) : null,
      },
      verify: { recordsPerSecond: rate('verify'), portableRecordsPerSecond: rate('portable') },
      bytesPerRecord: {
        log: bytesEach(await sealed(leaves), leaves),
        leaf: bytesEach([{ bytes: bundleOf(leaves) }], leaves),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records per second. */
interface Round {
  readonly seal: number;
  readonly verify: number;
  readonly portable: number;
  readonly built: number;
  readonly go: number;
}

/**
 * Each thing in turn, so that what the machine has to do besides slows all of them; small logs as often as makes the
 * records of a large one.
 */
async function rounds(leaves: readonly Uint8Array[], folder: string, times: number): Promise<readonly Round[]> {
  const entries = join(folder, String(leaves.length));
  await writeFile(entries, bundleOf(leaves));
  const log = await sealed(leaves);
  const each = SIZES[2] / leaves.length;
  const rate = async (work: () => unknown): Promise<number> => {
    const ms = await timed(async () => {
      for (let n = 0; n < each; n += 1) await work();
    });
    return (1000 * SIZES[2]) / ms;
  };
  return repeat(times, async () => ({
    seal: await rate(() => sealed(leaves)),
    verify: await rate(() => verified(log, NATIVE)),
    portable: await rate(() => verified(log, HASHER)),
    built: await rate(() => append(EMPTY_TREE, NO_FILES, leaves, NATIVE)),
    go:
      withoutGo === undefined ? (1000 * SIZES[2]) / Number(await logcheck('time', entries, String(each))) : Number.NaN,
  }));
}

async function sealed(leaves: readonly Uint8Array[]): Promise<readonly LogFile[]> {
  const { tree, files } = append(EMPTY_TREE, NO_FILES, leaves, NATIVE);
  const text = checkpointText({ origin: ORIGIN, size: tree.size, root: rootOf(tree, NATIVE) });
  return [...files, { path: 'checkpoint', bytes: await signed(text, [signer]) }];
}

async function verified(log: readonly LogFile[], hasher: Hasher): Promise<void> {
  const files = filesFrom(log);
  const trust = { origin: ORIGIN, keys: [signer.verifier] };
  const { checkpoint } = await verifyCheckpoint(files('checkpoint') as Uint8Array, trust);
  const { tree, faults } = checkLog(checkpoint.size, files, { hasher });
  if (tree === null || faults.length > 0 || !equal(rootOf(tree, hasher), checkpoint.root))
    throw new Error('What was sealed does not verify.');
}

const bytesEach = (files: readonly Pick<LogFile, 'bytes'>[], leaves: readonly unknown[]): number =>
  Math.round(files.reduce((sum, { bytes }) => sum + bytes.length, 0) / leaves.length);
