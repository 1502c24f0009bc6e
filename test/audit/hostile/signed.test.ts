import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { manifestText } from '../../../audit/seal/manifest.ts';
import { CHECKPOINT, MANIFEST } from '../../../audit/seal/paths.ts';
import { checkpointText } from '../../../audit/tlog/note/checkpoint.ts';
import { signed } from '../../../audit/tlog/note/sign.ts';
import { bytesOf } from '../../../audit/tlog/note/text.ts';
import { verify } from '../../../audit/verify/verify.ts';
import type { Files } from '../../support/evidence/mutations.ts';
import { entriesOfLog, openingPaths, originIn, relisted, relogged, resealed } from '../../support/evidence/resigned.ts';
import { MemoryStore, sealedRecords, sealedSession, SIGNER, TRUST } from '../../support/evidence/sealed.ts';

const sealed = await sealedSession('undo');
const origin = originIn(sealed.files);
const entries = entriesOfLog(sealed.files);
const leaf = JSON.parse(new TextDecoder().decode(entries[0])) as object;

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** What is found in a bundle that whoever has all keys made as they liked; a path is asked for a few times at most. */
async function found(change: (files: Files) => Promise<void> | void) {
  const files: Files = new Map(sealed.files);
  await change(files);
  let asked = 0;
  const store = new MemoryStore(files);
  const { isSound, findings, counts } = await verify(
    { get: (path, most) => (asked++, store.get(path, most)), list: () => store.list() },
    TRUST,
  );
  expect(isSound).toBe(false);
  expect(findings.length).toBeLessThan(1000);
  return { counts, codes: Object.keys(counts), asked };
}

describe('A4: what is signed may be hostile all the same', () => {
  test('a checkpoint that claims 2^53 - 1 records', async () => {
    const { codes, asked } = await found(async (files) => {
      const text = checkpointText({ origin, size: Number.MAX_SAFE_INTEGER, root: new Uint8Array(32) });
      files.set(CHECKPOINT, await signed(text, [SIGNER]));
      await relisted(files, origin);
    });
    expect(codes).toContain('TOO_LARGE');
    expect(asked).toBeLessThan(200);
  });

  test('one that claims a hundred million is not looked for tile by tile', async () => {
    const { codes, asked } = await found(async (files) => {
      files.set(CHECKPOINT, await signed(checkpointText({ origin, size: 1e8, root: new Uint8Array(32) }), [SIGNER]));
      await relisted(files, origin);
    });
    expect(codes).toContain('TREE_INVALID');
    expect(asked).toBeLessThan(200);
  });

  test.each([
    [100_000, 'FILE_MISSING'],
    [1_000_000, 'MANIFEST_INVALID'],
  ])('a list of %i files that are not there', async (lines, code) => {
    const listed = new Map(Array.from({ length: lines }, (_, index) => [`f${index}`, '0'.repeat(64)] as const));
    const { counts } = await found(async (files) => {
      files.set(MANIFEST, await signed(manifestText(origin, listed), [SIGNER]));
    });
    expect(counts).toHaveProperty(code, code === 'FILE_MISSING' ? lines : 1);
  });

  test.each([
    ['an entry that is longer than the file', Uint8Array.from([255, 255, 1])],
    ['no entries', new Uint8Array()],
    ['empty entries', new Uint8Array(1024 * 1024)],
  ])('a tile with %s', async (_, bytes) => {
    const { codes } = await found(async (files) => {
      const path = [...files.keys()].find((each) => each.startsWith('tile/entries/'))!;
      files.set(path, bytes);
      await relisted(files, origin);
    });
    expect(codes).toContain('TREE_INVALID');
  });

  const text = JSON.stringify(leaf);
  test.each([
    ['no UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d])],
    ['nothing', new Uint8Array()],
    ['levels upon levels', bytesOf(text.replace('"shown":{', `"shown":{"a":${deep(20_000)},`))],
    ['a name twice', bytesOf(text.replace('{"at"', '{"at":"1","at"'))],
    ['a number that no double has', bytesOf(text.replace('"seq":0', '"seq":0.00000000000000000000001'))],
    ['a number beyond doubles', bytesOf(text.replace('"seq":0', '"seq":1e999'))],
    ['half a character', bytesOf(text.replace('"session":"', '"session":"\\ud800'))],
    ['a prototype', bytesOf(text.replace('{"at"', '{"__proto__":{"seq":0},"at"'))],
    ['null', bytesOf('null')],
    ['another list', bytesOf('[]')],
  ])('an entry that is %s', async (_, entry) => {
    const { codes } = await found((files) => relogged(files, origin, [entry, ...entries.slice(1)]));
    expect(codes).toContain('LEAF_MALFORMED');
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'no-such-kind'])(
    'a record of the kind %s has nothing to show',
    async (kind) => {
      const store = await sealedRecords('undo', [{ kind, data: { kind } }]);
      expect((await verify(store, TRUST)).counts).toMatchObject({ HISTORY_ABSENT: 1 });
    },
  );

  test.each(['outcome', 'recall', 'pinned', 'opened', 'attempt'])('a %s that holds nothing', async (kind) => {
    const { codes } = await found(async (files) => {
      const record = { ...leaf, kind, shown: {} };
      await relogged(files, origin, [bytesOf(JSON.stringify(record, Object.keys(record).sort())), ...entries.slice(1)]);
      const [path] = openingPaths(files);
      await resealed(files, origin, path!, (content) => {
        const list = JSON.parse(new TextDecoder().decode(content)) as object[];
        const [first] = list as { salt: string }[];
        return bytesOf(JSON.stringify([{ by: null, data: null, proof: null, salt: first!.salt }, ...list.slice(1)]));
      });
    });
    expect(codes).toContain('OPENING_INVALID');
  });

  test.each([
    ['levels upon levels', bytesOf(deep(5_000_000))],
    ['no list', bytesOf('{"length":256}')],
    ['a list of nothing', bytesOf('[null]')],
    ['no UTF-8', Uint8Array.from([0x5b, 0xff, 0x5d])],
    ['millions of lists', bytesOf(`[${'[],'.repeat(2_000_000)}[]]`)],
  ])('openings that are %s', async (_, content) => {
    const { codes } = await found((files) => resealed(files, origin, openingPaths(files)[0]!, () => content));
    expect(codes).toContain('OPENING_INVALID');
  });

  const payload = (json: string) => ({
    metadata: { encoding: Buffer.from('json/plain').toString('base64') },
    data: Buffer.from(json).toString('base64'),
  });
  const begun = (json: string) => ({
    eventId: '1',
    eventTime: '2026-01-01T00:00:00Z',
    eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
    workflowExecutionStartedEventAttributes: { input: { payloads: [payload(json)] } },
  });
  test.each([
    ['nothing', ''],
    ['no JSON', '\u0000'],
    ['levels upon levels', deep(1_000_000)],
    ['without events', '{"events":[]}'],
    ['of events that are none', '{"events":[null,1,"a",[]]}'],
    ['of one event of no kind', '{"events":[{"eventId":"1"}]}'],
    ['of a prototype', '{"__proto__":{"events":[{}]}}'],
    ['of times that are none', JSON.stringify({ events: [{ ...begun('{}'), eventTime: 'never' }] })],
    ['of an input with levels upon levels', JSON.stringify({ events: [begun(deep(50_000))] })],
    ['of an input that is no JSON', JSON.stringify({ events: [begun('{')] })],
    ['of an input with a prototype', JSON.stringify({ events: [begun('{"__proto__":{"carried":{"runs":1e999}}}')] })],
    ['of another session', JSON.stringify({ events: [begun('{"by":{"actor":"ann"}}')] })],
  ])('a history %s', async (_, json) => {
    const { codes } = await found((files) => {
      const path = [...files.keys()].find((each) => each.startsWith('private/histories/'))!;
      return resealed(files, origin, path, () => bytesOf(json));
    });
    expect(codes).toContain('HISTORY_INVALID');
  });

  test('a file whose name says what it is not', async () => {
    const content = bytesOf('{ }');
    const { codes } = await found(async (files) => {
      files.set(`documents/${bytesToHex(new Uint8Array(32))}.json`, content);
      files.set('private/openings/0-999', content);
      files.set('private/values/a', content);
      files.set('readme', content);
      await relisted(files, origin);
    });
    expect(codes).toEqual(expect.arrayContaining(['DOCUMENT_INVALID', 'FILE_UNEXPECTED', 'VALUE_INVALID']));
  });
});
