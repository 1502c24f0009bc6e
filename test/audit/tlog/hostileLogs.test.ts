import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkpointText, verifyCheckpoint } from '../../../audit/tlog/note/checkpoint.ts';
import { vkeyOf } from '../../../audit/tlog/note/keys.ts';
import { signed, signerFrom } from '../../../audit/tlog/note/sign.ts';
import { verifyNote } from '../../../audit/tlog/note/verify.ts';
import { checkLog } from '../../../audit/tlog/tiles/check.ts';
import { type Files, filesFrom } from '../../../audit/tlog/tiles/files.ts';
import { rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { equal } from '../../../audit/tlog/tree/verify.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { logcheck, withoutGo, writeLog } from '../go/logcheck.ts';
import { anyChange, damaged } from './change.ts';
import { bytes, FAST, logOf } from './place.ts';

const ORIGIN = 'custody/default/s-1';
const signer = await signerFrom(ORIGIN, new Uint8Array(32).fill(7));
const stranger = await signerFrom(ORIGIN, new Uint8Array(32).fill(8));
const VKEY = vkeyOf(signer.verifier);
const { tree, files } = logOf([300, 400]);
const SIZE = tree.size;
const ROOT = rootOf(tree, FAST);
const text = checkpointText({ origin: ORIGIN, size: SIZE, root: ROOT });
const good = filesFrom([...files.values(), { path: 'checkpoint', bytes: await signed(text, [signer]) }]);
const PATHS = [
  'checkpoint',
  'tile/entries/000',
  'tile/entries/002.p/188',
  'tile/0/000',
  'tile/0/002.p/188',
  'tile/1/000.p/2',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(({ skip }) => {
  if (withoutGo !== undefined) skip(withoutGo);
});

/** What this code says of a log: OK, or the first code. */
async function ours(log: Files): Promise<string> {
  try {
    const note = log('checkpoint');
    if (note === undefined) return 'LOG_INCOMPLETE';
    const { checkpoint } = await verifyCheckpoint(note, { origin: ORIGIN, keys: [signer.verifier] });
    const { tree: found, faults } = checkLog(checkpoint.size, log, { hasher: FAST });
    if (faults[0]) return faults[0].code;
    return found && equal(rootOf(found, FAST), checkpoint.root) ? 'OK' : 'LOG_CONTRADICTS';
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
}

/** What Go says of the same log. */
async function theirs(log: Files): Promise<string> {
  const at = await mkdtemp(join(folder, 'log-'));
  const there = ['checkpoint', ...files.keys()];
  await writeLog(
    at,
    there.flatMap((path) => (log(path) ? [{ path, bytes: log(path) as Uint8Array }] : [])),
  );
  return (await logcheck('log', at, ORIGIN, VKEY)).split(' ')[0] as string;
}

const having =
  (path: string, content: Uint8Array | undefined): Files =>
  (each) =>
    each === path ? content : good(each);
const flip = (path: string, at: number): Files => having(path, damaged(good(path)!, { kind: 'flip', at, bit: 0 }));
const checkpointOf = async (says: Partial<{ origin: string; size: number; root: Uint8Array }>, by = signer) =>
  having('checkpoint', await signed(checkpointText({ origin: ORIGIN, size: SIZE, root: ROOT, ...says }), [by]));

describe('A4: golang.org/x/mod comes to the same verdict', () => {
  test.each([
    ['nothing is wrong with', 'OK', () => good],
    ['a hash is changed of', 'LOG_CONTRADICTS', () => flip('tile/0/000', 40)],
    ['a hash above is changed of', 'LOG_CONTRADICTS', () => flip('tile/1/000.p/2', 40)],
    ['an entry is changed of', 'LOG_CONTRADICTS', () => flip('tile/entries/000', 5)],
    ['a length is changed of', 'LOG_MALFORMED', () => flip('tile/entries/000', 0)],
    ['a tile is missing of', 'LOG_INCOMPLETE', () => having('tile/0/000', undefined)],
    ['a bundle is missing of', 'LOG_INCOMPLETE', () => having('tile/entries/002.p/188', undefined)],
    ['a tile is too short of', 'LOG_MALFORMED', () => having('tile/1/000.p/2', new Uint8Array(32))],
    ['there is no checkpoint of', 'LOG_INCOMPLETE', () => having('checkpoint', undefined)],
    ['a stranger signed for', 'NOTE_UNSIGNED', () => checkpointOf({}, stranger)],
    ['the size was edited of', 'NOTE_SIGNATURE_INVALID', () => flip('checkpoint', ORIGIN.length + 1)],
    ['the checkpoint is of another log than', 'NOTE_MALFORMED', () => checkpointOf({ origin: 'custody/default/s-2' })],
    ['another root is signed of', 'LOG_CONTRADICTS', () => checkpointOf({ root: new Uint8Array(32) })],
    ['a smaller size is signed of', 'LOG_CONTRADICTS', () => checkpointOf({ size: 256 })],
    ['a larger size is signed of', 'LOG_INCOMPLETE', () => checkpointOf({ size: 70_000 })],
  ] as const)('where %s a log: %s', async (_, verdict, make) => {
    const log = await make();
    expect([await ours(log), await theirs(log)]).toEqual([verdict, verdict]);
  });

  test('of any damage to any file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), anyChange, async (path, change) => {
        const log = having(path, damaged(good(path) as Uint8Array, change));
        const verdicts = [await ours(log), await theirs(log)];
        expect(verdicts).not.toContain('OK');
        expect(verdicts[0]).toBe(verdicts[1]);
      }),
      { numRuns: 60 },
    );
  });

  test('of a note, whatever its bytes: none is good here that is not good there', async () => {
    const note = good('checkpoint') as Uint8Array;
    const path = join(folder, 'note');
    const said = Buffer.from(note).toString();
    const twists = [
      said,
      said.replace(/(\u2014.*\n)$/, '$1$1'),
      said.replace('\u2014', '-'),
      said.replace(/\n$/, ''),
      said.replaceAll('\n', '\r\n'),
      said.replace(/\n\n/, '\n\n\n'),
      said.replace(/\n\n/, '\n\n\u2014 a b\n\n'),
      `\ufeff${said}`,
      said.replace('custody', 'cust\u0085ody'),
      said.replace('\u2014 custody', '\u2014 custody\u2003'),
    ].map(bytes);
    const any = fc.oneof(
      fc.constantFrom(...twists),
      anyChange.map((change) => damaged(note, change) ?? bytes('')),
    );
    await fc.assert(
      fc.asyncProperty(any, async (each) => {
        const mine = await verifyNote(each, [signer.verifier]).then(
          () => 'OK',
          (error: CustodyError) => error.code,
        );
        await writeFile(path, each);
        expect((await logcheck('note', path, VKEY)).split(' ')[0]).toBe(mine);
      }),
      { numRuns: 100 },
    );
  });
});
