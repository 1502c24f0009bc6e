import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { recordSchema } from '../../../scripts/recordSchema.ts';
import { custody } from '../../cli/harness.ts';
import { sealedSession, TRUST } from '../../support/evidence/sealed.ts';
import { recordedSessions } from '../recorded.ts';

/**
 * SHA-256 of what each version of the schema demands. A record that may have another shape is of another version: raise
 * RECORD_VERSION, and add its line. Only a version that no release had may change here.
 */
const SHAPES: { readonly [version: string]: string } = {
  v1: 'b9f17c4600c83b91e47e9528eee0d6f9590fdef1660d78fc2783df3c48033d56',
};

const text = (version: string): string =>
  readFileSync(new URL(`../../../audit/schema/record.${version}.json`, import.meta.url), 'utf8');
const schema = JSON.parse(text('v1')) as { readonly [name: string]: Json };
const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);
const recorded = recordedSessions().flatMap(({ records }) => records.flatMap((record) => record ?? []));
/** As it is printed. */
const printed = (record: EvidenceRecord) => JSON.parse(JSON.stringify(record)) as { data: object };

const TEXTS = new Set(['description', 'title']);
const withoutTexts = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (name, is: Json) => (TEXTS.has(name) && typeof is === 'string' ? undefined : is)));

test('A2: the schema of records is what their types say; `npm run schema` writes it anew', () => {
  expect(JSON.parse(JSON.stringify(recordSchema()))).toEqual(schema);
});

test.each(Object.entries(SHAPES))('A2: what the schema %s demands of a record is what it was', (version, hash) => {
  const demands = canonical(withoutTexts(JSON.parse(text(version)) as Json));
  expect(createHash('sha256').update(demands).digest('hex')).toBe(hash);
});

test('A1: every record of every recorded session is valid under the schema', () => {
  expect(recorded.length).toBeGreaterThan(600);
  for (const record of recorded)
    expect(isValid(printed(record)), `${record.kind}: ${JSON.stringify(isValid.errors?.[0])}`).toBe(true);
});

test('A1: so is every record that a bundle holds', async () => {
  const bundle = await sealedSession('decided');
  const { sealed } = await verify(bundle, TRUST);
  expect(sealed.length).toBeGreaterThan(20);
  for (const { record } of sealed) expect(isValid(printed(record!)), record!.kind).toBe(true);
});

test('A1: none is with a member more or less, of another version, or as another kind', () => {
  for (const each of recorded) {
    const record = printed(each);
    expect(isValid({ ...record, more: 1 }), each.kind).toBe(false);
    expect(isValid({ ...record, data: { ...record.data, more: 1 } }), each.kind).toBe(false);
    expect(isValid({ ...record, v: 2 })).toBe(false);
    expect(isValid({ ...record, kind: 'else' })).toBe(false);
    for (const name of Object.keys(record)) expect(isValid(without(record, name)), `${each.kind} ${name}`).toBe(false);
  }
});

const without = (record: object, name: string): object =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));

test('A1: custody audit schema prints it', async () => {
  expect(await custody(['audit', 'schema'])).toMatchObject({ code: 0, stdout: text('v1'), stderr: '' });
});
