import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOperatorConfig } from '../../../config/operator.ts';
import { parseProfile } from '../../../config/profile.ts';
import { loadSpec } from '../../../config/spec.ts';
import { DEFAULTS } from '../../../protocol/governance.ts';
import { custody, freePort, spawnCustody } from '../harness.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command lines that an output tells to type. */
const told = (output: string): string[][] =>
  [...output.matchAll(/^ {2}\$ custody (.*)$/gm)].map(([, line = '']) => line.split(' '));

/** `custody dev` as a person starts it, once it says that it runs; `stop` gives what it logged. */
async function startDev(cwd: string): Promise<{ readonly said: string; stop(): Promise<string> }> {
  const args = ['dev', '--port', String(await freePort()), '--ui-port', '0'];
  const child = spawnCustody(args, { cwd, env: { CUSTODY_STATE_DIR: join(cwd, 'state') } });
  const logged = text(child.stderr);
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += String(chunk);
    if (told(said).length > 0) break;
  }
  return { said, stop: () => (child.kill('SIGTERM'), logged) };
}

/** Lines of a timeline without what differs from one session to the next. */
const timeless = (lines: string): string[] =>
  lines
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/^(\d{4}-\d\d-\d\dT)?[\d:.]+Z?/, '')
        .replace(/deadline [\dT:.Z-]+/, 'deadline')
        .replace(/profile [0-9a-f]{12}/, 'profile')
        .replace(/[\d.]+ USD/, 'some USD')
        .replace(/ by \S+ \(claimed\)$/, ''),
    );

describe('U2: first steps', () => {
  test('from an empty folder to a governed call in under two minutes, by what the commands say', async () => {
    const begun = Date.now();
    const init = await custody(['init'], { cwd: folder });
    expect(init.code, init.stderr).toBe(0);
    expect(told(init.stdout)).toEqual([['dev'], ['run', 'session.yaml']]);

    const dev = await startDev(folder);
    const [run = []] = told(dev.said);
    expect(run.slice(0, 2)).toEqual(['run', 'session.yaml']);
    const ran = await custody(run, { cwd: folder });
    const log = await dev.stop();
    expect(ran.code, ran.stderr + log).toBe(0);
    expect(ran.stdout).toContain('notes.write_note: succeeded: Wrote hello.');
    expect(await readFile(join(folder, 'notes', 'copy.txt'), 'utf8')).toBe('It says: Hello from a governed session.');
    expect(Date.now() - begun).toBeLessThan(120_000);
    expect(log, 'Nothing is to be worried about.').not.toMatch(/warn|error/);

    const picture = /\$ custody run session\.yaml\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    expect(timeless(picture), 'README shows it as it is').toEqual(timeless(ran.stdout.split('\n\n')[0] ?? ''));
  });

  test('custody init overwrites nothing: where one file is there, none is written', async () => {
    await writeFile(join(folder, 'session.yaml'), 'mine');
    const refused = await custody(['init'], { cwd: folder });
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^USAGE: session\.yaml is in /),
    });
    expect(await readdir(folder)).toEqual(['session.yaml']);
    expect(await readFile(join(folder, 'session.yaml'), 'utf8')).toBe('mine');
    const beside = await custody(['init', 'deep/new', '--json'], { cwd: folder });
    expect((JSON.parse(beside.stdout) as { written: string[] }).written.sort()).toEqual(
      ['agent', 'custody', 'governance', 'session'].map((name) => join(folder, 'deep', 'new', `${name}.yaml`)),
    );
    expect((await custody(['init', 'deep/other'], { cwd: folder })).stdout).toContain('  $ cd deep/other\n');
  });

  test('what it writes loads, and the profile is the default', async () => {
    const config = await loadOperatorConfig('examples/start/custody.yaml');
    expect(parseProfile(await readFile('examples/start/governance.yaml', 'utf8'), 'governance.yaml')).toEqual(DEFAULTS);
    for (const name of ['session', 'agent'])
      expect((await loadSpec(`examples/start/${name}.yaml`)).servers).toEqual(Object.keys(config.servers));
    const { code, stdout } = await custody(['tools', '--config', 'examples/start/custody.yaml'], {});
    expect({ code, warnings: stdout.match(/warn/g) }).toEqual({ code: 0, warnings: null });
  });

  test('U4: custody dev where there is no custody.yaml names custody init', async () => {
    const { code, stderr } = await custody(['dev'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^CONFIG_MISSING: .*\.\/custody\.yaml does not exist.*\n.*`custody init`/);
  });

  test('U4: a level of the log that there is not is refused with those that there are', async () => {
    await custody(['init'], { cwd: folder });
    const { code, stderr } = await custody(['worker'], { cwd: folder, env: { CUSTODY_LOG_LEVEL: 'loud' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^USAGE: CUSTODY_LOG_LEVEL is "loud"; write one of trace, debug, .* and silent\./);
  });

  test('U4: the log of custody dev is for people: a failed start is one line, without a stack', async () => {
    const servers = 'servers: { gone: { command: no-such-program } }\n';
    await writeFile(join(folder, 'custody.yaml'), `${servers}profiles: { p: {} }\n`);
    const session = 'agent: { id: a, version: "1" }\nprofile: p\nservers: [gone]\n';
    await writeFile(join(folder, 'session.yaml'), session);
    const dev = await startDev(folder);
    const [run = []] = told(dev.said);
    expect((await custody([...run, '--id', 'x'], { cwd: folder })).code).toBe(1);
    const lines = (await dev.stop()).split('\n').filter((line) => /^\d\d:\d\d:\d\d {2}/.test(line));
    expect(lines.map((line) => line.slice(10))).toEqual([
      expect.stringMatching(/^warn {3}x: .*'no-such-program'.*there is no such program\.$/),
    ]);
  });
});
