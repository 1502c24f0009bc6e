import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../cli/main.ts';
import { custody } from './harness.ts';

const COMMANDS = [
  'start',
  'run',
  'list',
  'show',
  'report',
  'cost',
  'watch',
  'call',
  'mcp',
  'pause',
  'resume',
  'extend',
  'top-up',
  'complete',
  'cancel',
  'checkpoint',
  'rollback',
  'fork',
  'respond',
  'resolve',
  'recover',
  'approvals',
  'approve',
  'reject',
  'reviews',
  'incidents',
  'verify',
  'audit',
  'budget',
  'attach',
  'save-state',
  'record',
  'heartbeat',
  'init',
  'dev',
  'worker',
  'serve',
  'token',
  'setup',
  'tools',
  'policy',
  'notices',
  'payloads',
  'keys',
  'codec-server',
  'doctor',
];
const POLICY = ['check', 'test', 'explain', 'replay', 'coverage'];
const INNER = [
  'notices test',
  'payloads prune',
  'reviews done',
  'incidents close',
  'budget list',
  'budget show',
  'budget set',
  'token new',
  'token list',
  'token revoke',
];
const AUDIT = ['check', 'seal', 'proof', 'erase', 'hold', 'due', 'schema'].map((name) => `audit ${name}`);
const ALL = [...COMMANDS, ...POLICY.map((name) => `policy ${name}`), ...INNER, ...AUDIT];
const GLOBALS = ['--address', '--namespace', '--profile', '--actor', '--json'];

/** The help of a command, or of one within one, without a process for each. */
function helpOf(name: string): string {
  const [outer, inner] = name.split(' ');
  const first = buildProgram().commands.find((each) => each.name() === outer)!;
  const command = inner === undefined ? first : first.commands.find((each) => each.name() === inner)!;
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

describe('U2: help', () => {
  test('there are these commands', () => {
    const { commands } = buildProgram();
    expect(commands.map((command) => command.name())).toEqual(COMMANDS);
    const policy = commands.find((command) => command.name() === 'policy');
    expect(policy?.commands.map((command) => command.name())).toEqual(POLICY);
  });

  test.each(ALL)('custody %s --help shows an example, and says where the options of every command are', (name) => {
    const help = helpOf(name);
    expect(help).toMatch(new RegExp(`^Examples?:\\n(  \\$ .*\\n)*  \\$ .*custody ${name}`, 'm'));
    expect(help.trimEnd().split('\n').at(-1)).toMatch(/^Options of every command, .*: custody --help$/);
    expect(help.match(/^ +--(address|task-queue|store) /gm)).toBeNull();
  });

  test.each(ALL)('the examples of custody %s are command lines that it takes', (name) => {
    const lines = helpOf(name)
      .split('\n')
      .filter((line) => line.startsWith('  $ '))
      .flatMap((line) => /custody \S.*?(?= \||$)/.exec(line)?.[0] ?? []);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines.map((each) => each.split(' > ')[0]!)) {
      const words = (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
      const program = buildProgram();
      const all = program.commands.flatMap((command) => [command, ...command.commands]);
      for (const command of all) command.action(() => undefined);
      expect(() => program.parse(words.slice(1), { from: 'user' }), line).not.toThrow();
    }
  });

  test('`custody --help` is exit code 0 and names every command; `custody` alone is a usage error', async () => {
    const [help, alone, version] = await Promise.all([custody(['--help']), custody([]), custody(['--version'])]);
    expect(help.code).toBe(0);
    for (const name of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const option of GLOBALS) expect(help.stdout).toContain(`  ${option}`);
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toContain('Usage: custody');
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe.concurrent('U4: a command line that cannot be read is exit code 2, and says why', () => {
  test.each([
    [['pase', 'x'], "unknown command 'pase'\n(Did you mean pause?)"],
    [['policy', 'chek'], "unknown command 'chek'\n(Did you mean check?)"],
    [['policy', 'explain', 'x'], "missing required argument 'call'"],
    [['pause', 'x'], "required option '--reason <text>' not specified"],
    [['pause', '--reason', 'y'], "missing required argument 'id'"],
    [['show', 'x', 'y', 'z'], "too many arguments for 'show'"],
    [['show', 'x', '--colour'], "unknown option '--colour'"],
    [['list', '--agnet', 'x'], "unknown option '--agnet'\n(Did you mean --agent?)"],
    [['list', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['pause', 'x', '--reson', 'y'], "unknown option '--reson'\n(Did you mean --reason?)"],
    [['extend', 'x', '--by', '2 hours', '--reason', 'y'], 'Write a duration such as 2h'],
    [['extend', 'x', '--by', '0s', '--reason', 'y'], 'Write a duration such as 2h'],
    [['resolve', 'x', 'c', '--as', 'done', '--reason', 'y'], 'Allowed choices are succeeded, failed, retry.'],
    [['respond', 'x', 'c'], 'Say --with JSON, --decline or --cancel.'],
    [['respond', 'x', 'c', '--with', '[]'], '--with must be a JSON object'],
    [
      ['respond', 'x', 'c', '--with', '{}', '--decline'],
      "option '--decline' cannot be used with option '--with <json>'",
    ],
    [['list', '--label', 'team'], 'Write a name and a value, such as team=pay.'],
    [['list', '--limit', '0'], 'Write a whole number from 1 on.'],
    [['worker', '--health-port', '70000'], 'Write a port from 0 to 65535.'],
    [['setup', '--retention', '7d'], 'at least 30d'],
    [['setup', '--retention', '29'], 'at least 30d'],
    [['call', 'x', 'a.b', '--args', '{'], '--args is not JSON'],
    [['call', 'x', 'a.b', '--args', '[]'], '--args must be a JSON object'],
    [['call', 'x', 'a.b', '--args', '@/nowhere.json'], 'The file of --args cannot be read'],
    [['dev', '--profile', 'prod'], 'reads no profile'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await custody(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^USAGE: /);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('--help');
  });

  test('with --json the error is one line of JSON on stderr', async () => {
    const { code, stdout, stderr } = await custody(['pause', 'x', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'USAGE',
        message: "required option '--reason <text>' not specified",
        remedy: expect.stringContaining('--help'),
      },
    });
  });
});
