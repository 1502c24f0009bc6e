import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../../cli/doctor/check.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { custody, type Folder, operatorFolder } from '../harness.ts';

const RULES = `
@id("no-secrets") @says("Secrets are not written down.")
forbid(principal, action == Action::"journal.append", resource)
  when { context.args.text like "*secret*" };

@id("no-nights") @approval("2")
forbid(principal, action, resource) when { context.effect == "irreversible" && context.hour < 6 };

@id("few") @mode("log-only")
forbid(principal, action, resource) when { context.totals.calls > 10 };
`;

let folder: Folder;
beforeAll(async () => {
  folder = await operatorFolder(RULES);
  await folder.write(
    'bad.cedar',
    'forbid(principal, action == Action::"journal.apend", resource)\n  when { context.args.txt == 1 };',
  );
  const { servers, tools, profiles } = JSON.parse(await readFile(folder.config, 'utf8')) as Record<string, object>;
  await folder.write('bad.yaml', {
    servers: { ...servers, absent: { command: 'no-such-program' } },
    tools,
    profiles,
    policies: { standard: { rules: ['bad.cedar'] } },
  });
});
afterAll(() => folder?.remove());

const inFolder = (...args: string[]) => custody(args, { cwd: folder.path });

describe('P1: custody policy check', () => {
  test('rules that fit the servers are no problem, and profiles without rules are named', async () => {
    const { code, stdout, stderr } = await inFolder('policy', 'check');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^standard: 3 rules, and what no rule speaks for is allowed$/m);
    expect(stdout).toMatch(/^brief: no rules; all that a session's tools allow is allowed\.$/m);
    expect(stdout).toMatch(/^0 problems, 0 warnings\.$/m);
  });

  test('problems have file, line and column, and what was meant; a server that does not open is told', async () => {
    const { code, stdout } = await inFolder('policy', 'check', '--config', 'bad.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/bad\.cedar:1:\d+ {1,2}names "journal\.apend".*did you mean "journal\.append"\?/);
    expect(stdout).toMatch(/server absent was not opened/);
    expect(stdout).toContain('not checked: What rules say of the tools of absent');
  });

  test('without servers the files are checked, and what is not is said', async () => {
    const { code, stdout } = await inFolder('policy', 'check', '--offline', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      checks: [{ profile: 'standard', rules: 3, findings: [], notChecked: [expect.stringContaining('journal')] }],
      withoutRules: ['brief'],
    });
  });

  test('a profile without rules, or none, is refused with those that there are', async () => {
    expect(await inFolder('policy', 'check', '--governance', 'brief')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^UNKNOWN_PROFILE: .*"brief" has no rules in custody.yaml; standard has/),
    });
    expect(await inFolder('policy', 'check', '--governance', 'standart')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "standard"?'),
    });
  });
});

test('P1: custody doctor says which profiles have no rules, and what is wrong with rules', async () => {
  const doctor = async (config: string): Promise<Check[]> => {
    const { stdout } = await inFolder('doctor', '--address', temporalAddress(), '--config', config, '--json');
    return (JSON.parse(stdout) as { checks: Check[] }).checks.filter(({ name }) => name.startsWith('rules of'));
  };
  expect(await doctor('custody.yaml')).toMatchObject([
    { name: 'rules of profile standard', status: 'ok', detail: '3 rules, and what no rule speaks for is allowed' },
    {
      name: 'rules of profile brief',
      status: 'note',
      detail: "none: everything that the session's tools allow is allowed",
    },
  ]);
  expect(await doctor('bad.yaml')).toMatchObject([
    { status: 'fail', detail: expect.stringContaining('did you mean "journal.append"?') },
    { status: 'note' },
  ]);
});

test('P1: the first rule of docs/policy.md, in the files that custody init writes, is checked as it says', async () => {
  const docs = await readFile('docs/policy.md', 'utf8');
  const [policies = '', rules = ''] = ['yaml', 'cedar'].map(
    (kind) => new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? '',
  );
  const [, shown = ''] = /\$ custody policy check\n([\s\S]*?)```/.exec(docs) ?? [];
  await inFolder('init', 'first');
  await appendFile(join(folder.path, 'first', 'custody.yaml'), policies);
  await folder.write(join('first', 'rules.cedar'), rules);
  const { code, stdout, stderr } = await custody(['policy', 'check'], { cwd: join(folder.path, 'first') });
  expect([code, stdout], stderr).toEqual([0, shown]);
});

describe('P1: custody policy coverage', () => {
  test('names for each tool the rules that can apply, and the irreversible ones that none speaks for', async () => {
    const { code, stdout, stderr } = await inFolder('policy', 'coverage', '--json');
    expect(code, stderr).toBe(0);
    const { profiles } = JSON.parse(stdout) as {
      profiles: { profile: string; default: string; tools: { action: string; mark: string | null }[] }[];
    };
    const tool = (profile: string, name: string) =>
      profiles.find((each) => each.profile === profile)?.tools.find(({ action }) => action === `journal.${name}`);
    expect(tool('standard', 'append')).toMatchObject({
      effect: 'irreversible',
      permits: [],
      forbids: ['no-secrets'],
      approvals: ['no-nights'],
      trials: ['few'],
      mark: null,
    });
    expect(tool('standard', 'lookup')).toMatchObject({ effect: 'read-only', forbids: [], approvals: [], mark: null });
    expect(tool('brief', 'append')).toMatchObject({ mark: 'unguarded' });
    const shown = await inFolder('policy', 'coverage', '--governance', 'standard');
    expect(shown.stdout).toMatch(/^ {2}journal\.append +irreversible +no-secrets +no-nights +few *$/m);
  });
});

describe('P1: custody policy test', () => {
  const cases = (text: string) => folder.write('cases.yaml', text);

  test('cases that hold pass', async () => {
    await cases(`
given: { agent: clerk@2, at: 2026-11-27T12:00:00Z }
cases:
  - name: secrets are denied
    call: journal.append
    args: { text: the secret }
    expect: deny
    rules: [no-secrets]
    says: Secrets are not written down.
  - { call: journal.append, args: { text: fine }, expect: allow }
  - { call: journal.append, args: { text: fine }, at: 2026-11-27T02:00:00Z, expect: needs_approval }
  - { call: journal.append, args: { text: fine }, at: 2026-11-27T02:00:00Z, approved: true, expect: allow }
  - { call: journal resources/read, args: { uri: 'a:b' }, totals: { calls: 11 }, expect: allow, trial: deny }
`);
    expect(await inFolder('policy', 'test', 'cases.yaml')).toMatchObject({ code: 0, stdout: '5 passed, 0 failed.\n' });
  });

  test('a case that fails is named with its place, what was expected, and what the caller is told', async () => {
    await cases(`profile: standard
cases:
  - { call: journal.append, args: { text: fine }, expect: allow }
  - { name: secrets pass, call: journal.append, args: { text: secret }, expect: allow, rules: [] }
`);
    const { code, stdout } = await inFolder('policy', 'test', 'cases.yaml');
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'fail  cases.yaml:4:5  secrets pass  (journal.append)',
      '      expected allow, and it is deny',
      '      expected the rules none, and they are no-secrets',
      '      told: journal.append is denied by the rule "no-secrets": Secrets are not written down.',
      '1 passed, 1 failed.',
      '',
    ]);
  });

  test('U4: every problem of a file is named with line and column', async () => {
    await cases(`profile: standart
cases:
  - { call: jurnal.append, expect: allow }
  - { call: journal.append, expct: allow, totals: { calls: -1 } }
  - { call: journal resources/reed, expect: denied }
`);
    const { code, stderr } = await inFolder('policy', 'test', 'cases.yaml');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^POLICY_CASES_INVALID: /);
    for (const line of [
      /cases.yaml:1:10 {2}profile {2}has no rules in custody.yaml; did you mean "standard"\?/,
      /cases.yaml:3:13 {2}cases\[0\]\.call {2}names server "jurnal".*did you mean "journal"\?/,
      /cases.yaml:4:29 {2}cases\[1\]\.expct {2}is not a known key; did you mean "expect"\?/,
      /cases.yaml:4:\d+ {2}cases\[1\]\.totals\.calls/,
      /cases.yaml:5:13 {2}cases\[2\]\.call {2}names method "resources\/reed".*did you mean "resources\/read"\?/,
      /cases.yaml:5:\d+ {2}cases\[2\]\.expect {2}must be one of/,
    ])
      expect(stderr).toMatch(line);
  });
});
