import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCase } from '../../cedar/cases.ts';
import { rulesOf } from '../../cedar/rules.ts';
import { catalogOf } from '../../cedar/schema/catalog.ts';
import { schemaOf } from '../../cedar/schema/schema.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { loadPolicyCases } from '../../config/policyCases.ts';
import { policyCase } from '../../config/schema/policyCases.ts';
import { cedarRequest } from '../../cedar/request.ts';
import { documentOf, policyOf, question, terms } from './ask.ts';

const docs = readFileSync('docs/policy.md', 'utf8');
const block = (text: string, kind: string): string =>
  new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
const section = (heading: string): string => docs.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';

const recipes = section('Ten recipes')
  .split(/^### /m)
  .slice(1)
  .map((text) => ({
    title: text.slice(0, text.indexOf('\n')),
    rules: block(text, 'cedar'),
    cases: block(text, 'yaml'),
    default: text.includes('`default: deny`') ? ('deny' as const) : ('allow' as const),
  }));

/** What the cases of a text come to, under rules. */
async function failuresOf(rules: string, cases: string, otherwise: 'allow' | 'deny'): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'custody-recipes-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const servers = Object.fromEntries(['files', 'bank', 'mail', 'notes'].map((name) => [name, { command: 'x' }]));
  const policies = { standard: { rules: ['rules.cedar'], default: otherwise } };
  await writeFile(join(dir, 'rules.cedar'), rules);
  await writeFile(join(dir, 'custody.yaml'), JSON.stringify({ servers, profiles: { standard: {} }, policies }));
  await writeFile(join(dir, 'cases.yaml'), cases);
  const config = await loadOperatorConfig(join(dir, 'custody.yaml'));
  const loaded = await loadPolicyCases(join(dir, 'cases.yaml'), config);
  expect(loaded.cases.length).toBeGreaterThan(1);
  const policy = await policyOf(rules, { default: otherwise });
  const results = await Promise.all(loaded.cases.map((each) => runCase(policy, each)));
  return results.flatMap(({ name, differences }) => differences.map((each) => `${name}: ${each}`));
}

describe('P1: docs/policy.md', () => {
  test('has ten recipes', () => {
    expect(recipes).toHaveLength(10);
  });

  test.each(recipes)('recipe $title does what its cases say', async ({ rules, cases, default: otherwise }) => {
    expect(rulesOf(documentOf(rules)).problems).toEqual([]);
    expect(await failuresOf(rules, cases, otherwise)).toEqual([]);
  });

  test('the first rule does what its cases say', async () => {
    const rules = block(section('The first rule'), 'cedar');
    expect(await failuresOf(rules, block(section('Testing rules'), 'yaml'), 'allow')).toEqual([]);
  });

  test('names all that a rule can read of the context', () => {
    const named = [...section('What a rule can read').matchAll(/`context\.([\w.]+)`/g)].map(([, way = '']) => way);
    const { context } = cedarRequest(question());
    const there = Object.entries(context).flatMap(([name, value]) =>
      name === 'totals' ? Object.keys(value as object).map((each) => `totals.${each}`) : [name],
    );
    expect(new Set(named.filter((way) => way !== 'args.uri'))).toEqual(new Set(there));
  });

  test('names all keys of a case', () => {
    const [, table = ''] = /\| Key of a case[^\n]*\n([\s\S]*?)\n\n/.exec(section('Testing rules')) ?? [];
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, keys = '']) =>
      [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    expect(new Set(named)).toEqual(new Set(Object.keys(policyCase).filter((key) => key !== 'name')));
  });
});

test('P1: the schema that rules are checked against has what calls are decided by, and nothing else', () => {
  const servers = [{ server: 'bank', tools: [] }];
  const schema = schemaOf(catalogOf(servers), new Set())['']!;
  const { context, entities } = cedarRequest(question({ terms: terms() }));
  const declared = schema.actions['bank tools/list']?.appliesTo?.context as { attributes: Record<string, unknown> };
  expect(Object.keys(declared.attributes).sort()).toEqual(Object.keys(context).sort());
  const { totals } = declared.attributes as { totals: { attributes: object } };
  expect(Object.keys(totals.attributes).sort()).toEqual(Object.keys(context.totals as object).sort());
  const agent = schema.entityTypes.Agent as { shape: { attributes: object } };
  expect(Object.keys(agent.shape.attributes).sort()).toEqual(Object.keys(entities[0]?.attrs ?? {}).sort());
});
