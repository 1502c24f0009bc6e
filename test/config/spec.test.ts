import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkSpec, loadSpec, parseSpec } from '../../config/spec.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { refusal } from './errors.ts';

const HEAD = { agent: { id: 'drafter', version: '1.0.0' }, profile: 'standard', servers: ['files', 'web'] };
const withPlan = (...plan: unknown[]) => ({ ...HEAD, plan });
const parse = (value: unknown) => parseSpec(stringify(value), 's.yaml');

describe('E6: a session spec', () => {
  test('in a file is what a session starts with: waits in milliseconds, overrides as written', () => {
    const overrides = { session: { timeout: '2h' }, onTimeout: [{ audit: true }] };
    const args = { path: 'a.md', deep: [{ n: 1.5, none: null, yes: true }] };
    const spec = {
      ...HEAD,
      overrides,
      labels: { team: 'docs' },
      keepOpen: true,
      plan: [
        { call: 'files.write', as: 'draft', args, onError: 'pause' },
        { parallel: [{ wait: '2s' }, { call: 'web.get.it' }] },
        { wait: '1h30m' },
      ],
    };
    const expected = {
      ...spec,
      plan: [spec.plan[0], { parallel: [{ wait: 2000 }, { call: 'web.get.it' }] }, { wait: 5_400_000 }],
    };
    expect(parse(spec)).toEqual(expected);
    expect(parseSpec(JSON.stringify(spec), 's.json')).toEqual(expected);
    expect(checkSpec(spec)).toEqual(expected);
    expect(checkSpec(expected)).toEqual(expected);
  });

  test('from a program is copied; undefined properties are left out', () => {
    const args = { path: 'a.md' };
    const spec = checkSpec({ ...withPlan({ call: 'files.write', args, as: undefined }), labels: undefined });
    args.path = 'changed';
    expect(spec).toStrictEqual(withPlan({ call: 'files.write', args: { path: 'a.md' } }));
  });

  test.each<[string, unknown, string]>([
    [
      'a number as version',
      { ...HEAD, agent: { id: 'a', version: 1 } },
      'agent.version  must be text, not a number; put it in quotes',
    ],
    [
      'a long agent id',
      { ...HEAD, agent: { id: 'a'.repeat(129), version: '1' } },
      'agent.id  must have 1 to 128 printable characters',
    ],
    [
      'a control character in the agent id',
      { ...HEAD, agent: { id: 'a\u0007', version: '1' } },
      'agent.id  must have 1 to 128 printable characters',
    ],
    ['no profile', { agent: HEAD.agent, servers: ['files'] }, 'profile  is missing; write a name'],
    ['no servers', { ...HEAD, servers: [] }, 'servers  is empty; name at least one server'],
    ['a server twice', { ...HEAD, servers: ['files', 'files'] }, 'servers[1]  names the same server again'],
    ['a server with a dot', { ...HEAD, servers: ['files.x'] }, 'servers[0]  must be a name'],
    ['an unknown key', { ...HEAD, server: ['files'] }, 'server  is not a known key; did you mean "servers"?'],
    [
      '17 labels',
      { ...HEAD, labels: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`l${index}`, 'x'])) },
      'labels  has more than 16 labels',
    ],
    ['a label with spaces in its name', { ...HEAD, labels: { 'a b': 'x' } }, 'labels["a b"]  must be a name'],
    [
      'an override without unit',
      { ...HEAD, overrides: { session: { timeout: 2 } } },
      'overrides.session.timeout  has no unit',
    ],
    [
      'an override of nothing',
      { ...HEAD, overrides: { sessions: {} } },
      'overrides.sessions  is not a known key; did you mean "session"?',
    ],
    ['an empty plan', withPlan(), 'plan  is empty; write at least one step'],
    ['an empty group', withPlan({ parallel: [] }), 'plan[0].parallel  is empty'],
    [
      '65 members',
      withPlan({ parallel: Array.from({ length: 65 }, () => ({ wait: '1s' })) }),
      'plan[0].parallel  has more than 64 members',
    ],
    [
      'a group in a group',
      withPlan({ parallel: [{ parallel: [{ wait: '1s' }] }] }),
      'plan[0].parallel[0]  is a parallel group within another one',
    ],
    [
      'two steps in one',
      withPlan({ call: 'files.x', wait: '1s' }),
      'plan[0]  has call and wait, and a step is one of them',
    ],
    [
      'a step that is text',
      withPlan('files.x'),
      'plan[0]  must be a mapping with one of call, parallel, wait, checkpoint and rollback',
    ],
    ['a mistyped step', withPlan({ wiat: '2s', wait: '1s' }), 'plan[0].wiat  is not a known key; did you mean "wait"?'],
    ['no tool', withPlan({ call: 'files' }), 'plan[0].call  must be server.tool'],
    [
      'a server that is not listed',
      withPlan({ call: 'file.read' }),
      'plan[0].call  calls server "file", which is not listed under servers; did you mean "files"?',
    ],
    [
      'an unknown onError',
      withPlan({ call: 'files.x', onError: 'stop' }),
      'plan[0].onError  must be one of fail, continue, pause and rollback',
    ],
    [
      'a name used twice',
      withPlan({ call: 'files.x', as: 'a' }, { parallel: [{ call: 'files.x', as: 'a' }] }),
      'plan[1].parallel[0].as  "a" names two results',
    ],
    [
      'large arguments',
      withPlan(
        { call: 'files.x', as: 'a' },
        { call: 'files.x', args: { text: `\${a.b}${'x'.repeat(LIMITS.argumentBytes)}` } },
      ),
      `plan[1].args  are ${LIMITS.argumentBytes + 17} bytes and refer to "a"`,
    ],
    [
      'a reference that is none',
      withPlan({ call: 'files.x', argsRef: { sha256: 'a' } }),
      'plan[0].argsRef  must be a reference to the payload store',
    ],
    [
      'arguments twice',
      withPlan({ call: 'files.x', args: {}, argsRef: { sha256: 'a'.repeat(64), bytes: 1, preview: '' } }),
      'plan[0].argsRef  stands beside args; keep one of them',
    ],
    ['a wait of nothing', withPlan({ wait: '0s' }), 'plan[0].wait  must be from 1ms to 365d, not 0s'],
  ])('U4: %s is refused, in a file and in an object', async (_what, spec, line) => {
    const inFile = await refusal('SPEC_INVALID', () => parse(spec));
    expect(inFile).toHaveLength(1);
    expect(inFile[0]).toMatch(/^s\.yaml:\d+:\d+ {2}/);
    expect(inFile[0]).toContain(`  ${line}`);
    const inObject = await refusal('SPEC_INVALID', () => checkSpec(spec));
    expect(inObject).toHaveLength(1);
    expect(inObject[0]).toContain(`spec  ${line}`);
  });

  test('a wait without unit is refused in a file; in an object it is milliseconds', async () => {
    expect(await refusal('SPEC_INVALID', () => parse(withPlan({ wait: 2000 })))).toHaveLength(1);
    expect(checkSpec(withPlan({ wait: 2000 })).plan).toEqual([{ wait: 2000 }]);
    for (const wait of [0, -1, 1.5, null])
      expect(await refusal('SPEC_INVALID', () => checkSpec(withPlan({ wait })))).toHaveLength(1);
  });

  test('more than 256 KiB as JSON are refused, from a program too', async () => {
    const calls = Array.from({ length: 5 }, () => ({ call: 'files.x', args: { text: 'x'.repeat(60_000) } }));
    expect((await refusal('SPEC_INVALID', () => checkSpec(withPlan(...calls))))[0]).toMatch(
      /^spec {2}is \d+ bytes as JSON; at most 262144/,
    );
  });

  test('what is no JSON is refused with its path', async () => {
    const args = { at: new Date(0), big: 1n, run: () => 0, half: '\ud800', none: NaN };
    expect(
      (await refusal('SPEC_INVALID', () => checkSpec(withPlan({ call: 'files.x', args })))).map(
        (line) => line.split('  ')[1],
      ),
    ).toEqual(Object.keys(args).map((key) => `plan[0].args.${key}`));
  });
});

describe('E6: references in a plan', () => {
  const using = (text: string) =>
    withPlan(
      { call: 'files.read', as: 'first' },
      {
        parallel: [
          { call: 'files.read', as: 'left' },
          { call: 'files.write', args: { deep: [{ text }] }, as: 'right' },
        ],
      },
      { call: 'files.read', as: 'last' },
    );

  test.each([
    '${first}',
    '${first.content.0.text}',
    'a ${first.x} b ${first.y z}',
    '$${',
    '$${last}',
    '$',
    '{}',
    '$$',
    '}${first}',
  ])('%s is taken', (text) => {
    expect(parse(using(text)).plan).toHaveLength(3);
  });

  test.each([
    ['${left}', 'refers to "left", which is a result of this same step; only results of earlier steps can be used'],
    ['${right.x}', 'refers to "right", which is a result of this same step'],
    ['${last}', 'refers to "last", which is the result of a later step'],
    ['${frist}', 'refers to "frist", and no call of the plan has that name; did you mean "first"?'],
    ['${ first }', 'holds a "${" that is no reference'],
    ['${first', 'holds a "${" that is no reference'],
    ['${}', 'holds a "${" that is no reference'],
    ['$${ ${first..x}', 'holds a "${" that is no reference'],
  ])('%s is refused, wherever it stands', async (text, message) => {
    const lines = await refusal('SPEC_INVALID', () => parse(using(text)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`plan[1].parallel[1].args.deep[0].text  ${message}`);
  });

  test('a step with a problem of its own still has its name', async () => {
    expect(
      await refusal('SPEC_INVALID', () =>
        parse(withPlan({ call: 'files.x', as: 'a', onError: 'stop' }, { call: 'files.x', args: { x: '${a}' } })),
      ),
    ).toHaveLength(1);
  });
});

test('a spec file that is not there, no text or a folder is refused by its path', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'custody-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, 's.yaml');
  await writeFile(file, Buffer.from([0x61, 0xff, 0xfe]));
  expect(await refusal('SPEC_INVALID', () => loadSpec(file))).toEqual([`${file}  is not UTF-8 text; save it as UTF-8`]);
  expect(await refusal('SPEC_INVALID', () => loadSpec(dir))).toEqual([`${dir}  is a folder; name a file in it`]);
  expect(await refusal('SPEC_INVALID', () => loadSpec(join(dir, 'none')))).toEqual([
    `${join(dir, 'none')}  does not exist; check the path`,
  ]);
  await writeFile(file, Buffer.concat([Buffer.from('\ufeff'), Buffer.from(JSON.stringify(HEAD))]));
  expect(await loadSpec(file)).toEqual(HEAD);
});
