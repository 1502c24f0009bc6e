import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadOperatorConfig } from '../../config/operator.ts';
import { OVERRIDE_RULES, tighten, type OverrideRule } from '../../config/overrides.ts';
import { formatUsd } from '../../protocol/money/usd.ts';
import { parseProfile } from '../../config/profile.ts';
import { PROFILE_KEYS } from '../../config/schema/profile.ts';
import { check, type Schema } from '../../protocol/values/check.ts';
import { loadSpec, parseSpec } from '../../config/spec.ts';
import { parseDuration } from '../../protocol/values/duration.ts';
import { parseSize } from '../../protocol/values/size.ts';
import { DEFAULTS, type Governance } from '../../protocol/governance.ts';
import { refusal } from './errors.ts';

const docs = readFileSync('docs/configuration.md', 'utf8');
const profileSection = docs.slice(docs.indexOf('## Governance profile'), docs.indexOf('## Session spec'));

interface Row {
  readonly key: string;
  readonly values: string;
  readonly default: string;
  readonly what: string;
  readonly override: string;
}
const rows: Row[] = [...profileSection.matchAll(/^\| `(\w+\.\w+)` \| (.*?) \| `(.*?)` \| (.*?) \| (.*?) \|$/gm)].map(
  ([, key = '', values = '', value = '', what = '', override = '']) => ({
    key,
    values,
    default: value,
    what,
    override,
  }),
);

const COUNTS = [
  'delayOnTimeout',
  'delayOnRestart',
  'delayOnRollback',
  'concurrency',
  'maxCalls',
  'maxIdentical',
  'extend',
  'rollback',
  'resolve',
  'topUp',
  'persons',
  'denials',
];
const KEYS = Object.entries(PROFILE_KEYS).flatMap(([block, keys]) =>
  Object.keys(keys).map((key) => [block as keyof Governance, key] as const),
);
const at = (blocks: unknown, block: string, key: string): unknown =>
  (blocks as Record<string, Record<string, unknown>>)[block]?.[key];

describe('docs/configuration.md', () => {
  test('has one row for each key of a profile, in the order of the schema, and no other', () => {
    expect(rows.map(({ key }) => key)).toEqual(KEYS.map((path) => path.join('.')));
    expect(profileSection.match(/^\| `/gm)).toHaveLength(rows.length);
  });

  test('has a default for each key of the schema, and for no other', () => {
    for (const [block, keys] of Object.entries(PROFILE_KEYS))
      expect(Object.keys(DEFAULTS[block as keyof Governance])).toEqual(Object.keys(keys));
  });

  test.each(KEYS)('the row of %s.%s has the default of the code', (block, key) => {
    const value = at(DEFAULTS, block, key);
    const written = rows.find((row) => row.key === `${block}.${key}`)?.default ?? '';
    if (value === null) expect(written).toBe(block === 'cost' ? 'none' : 'off');
    else if (['maxBytes', 'maxArguments', 'maxResult'].includes(key)) expect(parseSize(written)).toBe(value);
    else if (block === 'cost' && typeof value === 'number' && !COUNTS.includes(key))
      expect(written).toBe(formatUsd(value));
    else if (typeof value === 'number' && !COUNTS.includes(key)) expect(parseDuration(written)).toBe(value);
    else expect(written).toBe(String(value));
  });

  test.each(KEYS)('the row of %s.%s says what a spec may override', (block, key) => {
    const rule = at(OVERRIDE_RULES, block, key) as OverrideRule;
    const word = typeof rule === 'object' ? wordOf(rule) : { fixed: 'no', free: 'any', lower: 'lower' }[rule];
    expect(rows.find((row) => row.key === `${block}.${key}`)?.override).toBe(word);
  });

  test.each(KEYS)('the bounds and words in the row of %s.%s are those of the schema', (block, key) => {
    const { values } = rows.find((row) => row.key === `${block}.${key}`)!;
    const accepts = (value: unknown) =>
      check((PROFILE_KEYS[block] as Record<string, Schema<unknown>>)[key]!, value).problems === undefined;
    const words = [...values.matchAll(/`(.+?)`/g)].map(([, word = '']) =>
      ['true', 'false'].includes(word) ? word === 'true' : COUNTS.includes(key) && word !== 'off' ? Number(word) : word,
    );
    for (const word of words) expect(accepts(word), String(word)).toBe(true);
    if (typeof at(DEFAULTS, block, key) === 'boolean') expect(accepts(false)).toBe(words.includes(false));
  });

  test('its YAML blocks load', () => {
    const blocks = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    const [spec] = blocks.filter((block) => /^plan:/m.test(block));
    expect(parseSpec(spec!, 'spec').plan).toHaveLength(2);
  });

  test('its blocks on keys and readers load', async () => {
    const blocks = [...docs.matchAll(/```yaml\n((?:deployment|codecServer):[\s\S]*?)```/g)].map(
      ([, text = '']) => text,
    );
    const dir = await mkdtemp(join(tmpdir(), 'custody-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const rest = 'servers: { files: { command: x } }\nprofiles: { p: {} }\n';
    await writeFile(join(dir, 'custody.yaml'), `${blocks.join('\n')}${rest}`);
    const { deployment, codecServer } = await loadOperatorConfig(join(dir, 'custody.yaml'));
    expect(deployment).toEqual({ keys: [{ fromFile: './deployment.key' }], encryption: 'off' });
    expect(Object.keys(codecServer!.tokens)).toEqual(['ann', 'auditors']);
  });

  test('its rules on undoing load', async () => {
    const rules = [...docs.matchAll(/```yaml\n(tools:[\s\S]*?)```/g)].map(([, text = '']) => text);
    const dir = await mkdtemp(join(tmpdir(), 'custody-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(
      join(dir, 'custody.yaml'),
      `servers: { files: { command: x }, crm: { command: y } }\n${rules.join('\n')}\nprofiles: { p: {} }\n`,
    );
    expect(
      Object.values((await loadOperatorConfig(join(dir, 'custody.yaml'))).tools).filter(({ undo }) => undo),
    ).toHaveLength(2);
  });

  test('its example of an error is what such a file gives', async () => {
    const [, lines = ''] = /```\n2 problems in governance\.yaml:\n([\s\S]*?)\n```/.exec(docs) ?? [];
    const found = await refusal('PROFILE_INVALID', () =>
      parseProfile('session:\n  timeout: 24 hours\n  gracePeriode: 30m\n', 'governance.yaml'),
    );
    expect(found).toEqual(lines.split('\n').map((line) => line.trim()));
  });
});

test('the examples load, and fit together', async () => {
  const config = await loadOperatorConfig('examples/custody.yaml');
  const spec = await loadSpec('examples/session.yaml');
  for (const server of spec.servers) expect(Object.keys(config.servers)).toContain(server);
  const profile = config.profiles[spec.profile]!;
  expect(profile.governance).toEqual(parseProfile(readFileSync('examples/governance.yaml', 'utf8'), 'governance.yaml'));
  expect(tighten(profile.governance, spec.overrides ?? {}).session).toMatchObject({
    timeout: 7_200_000,
    concurrency: 2,
  });
});

const wordOf = (rule: Exclude<OverrideRule, string>): string =>
  'only' in rule ? `only \`${String(rule.only)}\`` : 'stricter';
