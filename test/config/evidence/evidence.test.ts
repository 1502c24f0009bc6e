import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { archiveOf } from '../../../config/evidence/archive.ts';
import { retainedUntil } from '../../../config/evidence/retention.ts';
import { refusal } from '../errors.ts';
import { OperatorFolder, PROFILES, SERVERS } from '../operatorFolder.ts';

const folder = new OperatorFolder();
const load = (evidence: string) => folder.load(`${SERVERS}\n${PROFILES}\nevidence: ${evidence}\n`);
const KEYS = 'sign: { fromFile: ./evidence.key }, keys: ./keys';
const KEYED = { sign: { fromFile: './evidence.key' }, keys: './keys', before: [], witnesses: [] };

const S3 = 'url: "https://s3.example", bucket: evidence, accessKey: { fromEnv: A }, secretKey: { fromFile: ./key }';

describe('A4: where evidence is kept', () => {
  test('the block in docs/configuration.md loads, and each of its keys has a row', async () => {
    const docs = readFileSync('docs/configuration.md', 'utf8');
    const [, block = ''] = /```yaml\n(evidence:[\s\S]*?)```/.exec(docs) ?? [];
    const { evidence } = await folder.load(`${SERVERS}\n${PROFILES}\n${block}`);
    expect(evidence).toMatchObject({ archive: { s3: { bucket: 'custody-evidence' } }, retention: { years: 7 } });
    const { archive } = evidence ?? expect.fail();
    for (const key of Object.keys('s3' in archive ? archive.s3 : {}))
      expect(docs).toMatch(new RegExp(`\`[a-z3.]*\\.${key}\``));
  });

  test('is a folder, from the folder of custody.yaml on; without the block there is none', async () => {
    const config = await load(`{ archive: { folder: ./evidence }, ${KEYS} }`);
    expect(config.evidence).toEqual({ archive: { folder: './evidence' }, ...KEYED });
    expect(await archiveOf(config)).toEqual({ folder: join(folder.dir, 'evidence') });
    expect(await archiveOf(await folder.load(`${SERVERS}\n${PROFILES}`))).toBeUndefined();
  });

  test('is a bucket, whose keys stay references until they are used', async () => {
    const config = await load(`{ archive: { s3: { ${S3} } }, retention: 183d, ${KEYS} }`);
    const place = { url: 'https://s3.example', bucket: 'evidence', region: 'us-east-1', prefix: '' };
    expect(config.evidence).toEqual({
      archive: { s3: { ...place, accessKey: { fromEnv: 'A' }, secretKey: { fromFile: './key' } } },
      retention: { days: 183 },
      ...KEYED,
    });
    process.env['A'] = 'id';
    onTestFinished(() => void delete process.env['A']);
    expect(await archiveOf(config).catch((error: unknown) => error)).toMatchObject({ code: 'SECRET_MISSING' });
    await folder.write('key', 'hunter2\n');
    expect(await archiveOf(config)).toEqual({ s3: { ...place, accessKey: 'id', secretKey: 'hunter2' } });
  });

  test.each([
    ['{}', 'custody.yaml:3:11  evidence.archive  must be { folder: PATH }'],
    ['{ archive: {} }', 'evidence.archive.folder  is missing'],
    ['{ archive: ./evidence }', 'must be { folder: PATH }, or { s3: … }'],
    [`{ archive: { folder: x, s3: { ${S3} } } }`, 'has both folder and s3'],
    ['{ archive: { folder: x, lock: true } }', 'custody.yaml:3:35  evidence.archive.lock'],
    [`{ archive: { s3: { ${S3}, bucket: x } } }`, 'bucket'],
    [`{ archive: { s3: { ${S3.replace('evidence', 'Evidence')} } } }`, 'must be the name of a bucket'],
    [`{ archive: { s3: { ${S3.replace('https://', 'ftp://')} } } }`, 'must begin with https:// or http://'],
    [`{ archive: { s3: { ${S3.replace('https://', 'https://me:hunter2@')} } } }`, 'holds credentials'],
    [`{ archive: { s3: { ${S3.replace('.example', '.example/?a=b')} } } }`, 'without "?" and "#"'],
    [`{ archive: { s3: { ${S3.replace('{ fromEnv: A }', 'AKIA1234')} } } }`, 'a secret does not stand in this file'],
    [`{ archive: { s3: { ${S3}, prefix: ../other } } }`, 'evidence.archive.s3.prefix  must be parts of letters'],
    [`{ archive: { s3: { ${S3}, prefix: a/ } } }`, 'evidence.archive.s3.prefix  must be parts of letters'],
    ['{ archive: { folder: x }, retention: 7 }', 'has no unit; write "7d" for days, or "7y" for years'],
    ['{ archive: { folder: x }, retention: 6m }', '"6m" is no retention; write a number of days or years'],
    ['{ archive: { folder: x }, retention: 101y }', 'up to 100 years'],
    ['{ archive: { folder: x }, retention: 0d }', 'is no retention'],
    ['{ archive: { folder: x }, retain: 7y }', 'evidence.retain'],
  ])('%s does not load', async (evidence, what) => {
    const problems = (await refusal('CONFIG_INVALID', () => load(evidence))).join('\n');
    expect(problems).toContain(what);
    expect(problems).not.toContain('hunter2');
  });
});

describe('A4: how long evidence is kept', () => {
  test.each([
    ['2027-01-31T12:00:00.000Z', { days: 183 }, '2027-08-02T12:00:00.000Z'],
    ['2027-02-28T00:00:00.000Z', { years: 6 }, '2033-02-28T00:00:00.000Z'],
    ['2028-02-29T23:59:59.999Z', { years: 1 }, '2029-03-01T23:59:59.999Z'],
    ['2028-02-29T23:59:59.999Z', { years: 4 }, '2032-02-29T23:59:59.999Z'],
  ] as const)('from %s for %j is until %s', (from, kept, until) => {
    expect(retainedUntil(Date.parse(from), kept).toISOString()).toBe(until);
  });

  test('is never shorter than so many years of 365 days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 100 }), (from, years) => {
        const days = (retainedUntil(from, { years }).getTime() - from) / 86_400_000;
        expect(days).toBeGreaterThanOrEqual(years * 365);
        expect(days).toBeLessThanOrEqual(years * 365 + Math.ceil(years / 4));
      }),
    );
  });
});
