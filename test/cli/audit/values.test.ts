import { copyFile, cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrintedRecord, RecordValues } from '../../../audit/read/record.ts';
import { refsIn } from '../../../audit/seal/refs.ts';
import { openStage, type Stage } from '../stage.ts';

const TEXT = 'a'.repeat(70_000);

let stage: Stage;
let folder = '';
let [id, file, store] = ['', '', ''];
beforeAll(async () => {
  [stage, folder] = await Promise.all([openStage(), mkdtemp(join(tmpdir(), 'custody-values-'))]);
  id = await stage.start();
  await stage.sdk.session(id).call('journal.upsert', { key: 'a', value: TEXT }, { callId: 'asked' });
  await stage.sdk.session(id).call('journal.big', { bytes: 100_000 }, { callId: 'answered' });
  [file, store] = [join(folder, 'run.json'), join(folder, 'store')];
  await writeFile(file, historyToJSON(await stage.sdk.temporal.workflow.getHandle(id).fetchHistory()));
  await cp(process.env['CUSTODY_STORE']!, store, { recursive: true });
});
afterAll(async () => {
  await stage?.end();
  await rm(folder, { recursive: true, force: true });
});

const recordsIn = (stdout: string): readonly PrintedRecord[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PrintedRecord);

/** What the records of a call have by reference, by the SHA-256 that they name. */
function valuesOf(records: readonly PrintedRecord[], call: string, kind: string): readonly RecordValues[string][] {
  const record = records.find((each) => each.call === call && each.kind === kind)!;
  const named = refsIn(record.data).map(({ sha256 }) => sha256);
  expect(named).toEqual(Object.keys(record.values ?? {}));
  return Object.values(record.values ?? {});
}

describe('A1: custody audit shows what was asked and answered in full', () => {
  test.each([
    ['of a session', (): string[] => [id]],
    ['of a file, with the store that is named', (): string[] => [file, '--store', store]],
  ])('%s: what stands outside its history, too', async (_, which) => {
    const { code, stdout, stderr } = await stage.run('audit', ...which(), '--format', 'jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const records = recordsIn(stdout);
    expect(valuesOf(records, 'asked', 'attempt')).toEqual([{ value: { key: 'a', value: TEXT } }]);
    const [answer] = valuesOf(records, 'answered', 'outcome');
    expect(answer).toMatchObject({ value: { content: [{ text: expect.stringMatching(/^.{99000}/) }] } });
    const schema = JSON.parse((await stage.run('audit', 'schema')).stdout) as object;
    const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);
    for (const record of records) expect(isValid(record), JSON.stringify(isValid.errors)).toBe(true);
  });

  test('in words with their beginnings, and in CSV', async () => {
    const { stdout } = await stage.run('audit', id, '--call', 'asked');
    expect(stdout).toMatch(/ {4}SHA-256 [0-9a-f]{16}… {2}\{"key":"a","value":"a{100,}…\n/);
    expect(stdout.length).toBeLessThan(5_000);
    const csv = await stage.run('audit', id, '--call', 'asked', '--format', 'csv');
    expect(csv.stdout).toMatch(/^at,.*,data,values\n/);
    expect(csv.stdout).toContain(TEXT);
  });

  test('without what a SIEM is no place for', async () => {
    const { stdout } = await stage.run('audit', id, '--format', 'ocsf');
    expect(stdout).not.toContain('aaaaaaaaaa');
  });

  test('a value that is not there is named, the rest is shown, and the exit code is 0', async () => {
    const { code, stdout, stderr } = await stage.run('audit', file, '--store', join(folder, 'none'), '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^2 values not shown: PAYLOAD_MISSING: /);
    const records = recordsIn(stdout);
    expect(valuesOf(records, 'asked', 'attempt')).toEqual([
      { code: 'PAYLOAD_MISSING', message: expect.stringContaining(join(folder, 'none')) },
    ]);
    expect(records.at(-1)?.kind).toBe('outcome');
  });

  test('one that is not what was kept is named and not shown, and the exit code is 1', async () => {
    const changed = join(folder, 'changed');
    await cp(store, changed, { recursive: true });
    const [asked, answered] = [...refsIn(recordsIn((await stage.run('audit', id, '--json')).stdout))]
      .filter(({ bytes }, at, all) => all.findIndex((each) => each.bytes === bytes) === at)
      .map(({ sha256 }) => join(changed, sha256.slice(0, 2), sha256)) as [string, string];
    await writeFile(asked, (await readFile(asked, 'utf8')).replace('aaa', 'aba'));
    await truncate(answered, 10);
    const { code, stdout, stderr } = await stage.run('audit', file, '--store', changed);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^2 values not shown: PAYLOAD_CORRUPT: /);
    expect(stdout).not.toContain('aba');
    expect(stdout.match(/ {2}PAYLOAD_CORRUPT: \S+ has \d+ bytes with SHA-256/g)).toHaveLength(3);
    // A folder stands where the file was.
    await rm(asked);
    await mkdir(asked);
    await copyFile(asked.replace(changed, store), join(asked, 'x'));
    const unreadable = await stage.run('audit', file, '--store', changed, '--json');
    expect(unreadable).toMatchObject({ code: 1, stderr: expect.stringContaining('STORE_UNAVAILABLE') });
  });
});
