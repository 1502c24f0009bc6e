import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../audit/entry.ts';
import type { SessionSummary } from '../../client/list/list.ts';
import type { SessionView } from '../../protocol/view.ts';
import { spec, spawnCustody } from './harness.ts';
import { temporalAddress } from '../support/temporal.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const PLAN = [
  { call: 'journal.append', args: { text: 'a' } },
  { call: 'journal.lookup', args: { key: 'a' } },
];

describe('start and run', () => {
  test('E6: `start --wait` runs a plan to its end: exit code 0 when it COMPLETED', async () => {
    const path = await stage.folder.write('plan.json', spec({ plan: PLAN }));
    const { code, stdout } = await stage.run('start', path, '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'COMPLETED',
      outcome: 'COMPLETED',
      calls: [
        { tool: 'append', outcome: 'succeeded' },
        { tool: 'lookup', outcome: 'succeeded' },
      ],
    });
  });

  test('E6: `run` prints what happens as it happens; exit code 1 when the session did not complete', async () => {
    const path = await stage.folder.write('fail.json', spec({ plan: [{ call: 'journal.fail' }] }));
    const { code, stdout, stderr } = await stage.run('run', path, '--id', 'failing');
    expect(code).toBe(1);
    expect(stderr).toContain('session failing started');
    expect(stdout).toMatch(/attempt .*journal\.fail[^]*transition .*FAILED[^]*state +FAILED[^]*PLAN_STEP_FAILED/);
    expect(stdout).toMatch(/started .*by ann \(claimed\)/);
  });

  test('`run --json` prints one entry per line, and the session last', async () => {
    const path = await stage.folder.write('plan.json', spec({ plan: PLAN }));
    const { code, stdout } = await stage.run('run', path, '--json');
    const [last, ...entries] = lines<Entry & SessionView>(stdout).reverse();
    expect(code).toBe(0);
    expect(last).toMatchObject({ outcome: 'COMPLETED' });
    expect(entries.at(-1)).toMatchObject({ kind: 'started', by: 'ann' });
    expect(entries[0]).toMatchObject({ kind: 'ended' });
  });

  test('a spec comes from stdin with `-`; the id stands alone on stdout', async () => {
    const { code, stdout } = await stage.runWith({ stdin: JSON.stringify(spec()) }, 'start', '-', '--id', 'from-stdin');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'from-stdin\n' });
  });

  test('U4: a spec with mistakes is refused with line and column, and nothing is started', async () => {
    const path = await stage.folder.write(
      'bad.yaml',
      'agent: { id: clerk, version: "1" }\nprofle: standard\nservers: [journal]\n',
    );
    const { code, stderr } = await stage.run('start', path, '--id', 'bad');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^SPEC_INVALID: /);
    expect(stderr).toContain('bad.yaml:2:1');
    expect((await stage.run('show', 'bad')).stderr).toMatch(/^SESSION_NOT_FOUND: /);
  });

  test('an id is used once', async () => {
    const id = await stage.start();
    const path = await stage.folder.write('spec.json', spec());
    expect(await stage.run('start', path, '--id', id)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^SESSION_EXISTS: /),
    });
  });
});

describe('show, list and watch', () => {
  test('U2: `show --json` is the session as the SDK describes it', async () => {
    const id = await stage.start({ labels: { team: 'docs' } });
    await stage.sdk.session(id).call('journal.append', { text: 'a' }, { callId: 'one' });
    const shown = await stage.json<SessionView>('show', id);
    // What it costs goes on between the two.
    expect({ ...shown, money: null }).toEqual({ ...(await stage.sdk.session(id).describe()), money: null });
    expect(shown).toMatchObject({
      id,
      state: 'RUNNING',
      cause: null,
      outcome: null,
      agent: { id: 'clerk', version: '1.0.0' },
      runs: 1,
      openCalls: [],
    });
    expect(shown.calls).toMatchObject([
      { callId: 'one', server: 'journal', tool: 'append', outcome: 'succeeded', attempts: 1, actor: 'ann' },
    ]);
    expect(Date.parse(shown.deadlineAt!) - Date.parse(shown.startedAt)).toBe(24 * 60 * 60 * 1000);
  });

  test('U2: `show` says in words how it stands and which command helps, in colour where that is wanted', async () => {
    const id = await stage.start();
    const running = (await stage.runWith({ env: { FORCE_COLOR: '1' } }, 'show', id)).stdout;
    expect(running).toContain('\x1b[32mRUNNING\x1b[39m');
    expect(stripVTControlCharacters(running)).toMatch(
      /state +RUNNING: .*[^]*deadline +.*Z, in (1d|23h\d+m)\n[^]*custody complete/,
    );
    await stage.sdk.session(id).pause({ reason: 'wrong folder' });
    const { code, stdout } = await stage.run('show', id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/state +PAUSED \(operator\)[^]*reason +wrong folder/);
    expect(stdout).toContain(`$ custody resume ${id} --reason "why"`);
    expect(stdout).not.toContain('\x1b');
  });

  test('U2: `list` filters by state and agent', async () => {
    const id = await stage.start({ agent: { id: "o'hara", version: '1' } });
    await stage.sdk.session(id).pause({ reason: 'x' });
    const listed = async (): Promise<string[]> => {
      const ids = [];
      for await (const session of stage.sdk.list({ state: 'PAUSED', agent: "o'hara" })) ids.push(session.id);
      return ids;
    };
    await expect.poll(listed, { timeout: 15_000 }).toEqual([id]);
    expect(await stage.json<SessionSummary[]>('list', '--state', 'PAUSED', '--agent', "o'hara")).toMatchObject([
      { id, state: 'PAUSED', cause: 'operator', agent: "o'hara", profile: 'standard' },
    ]);
    expect((await stage.run('list', '--agent', "o'hara")).stdout).toMatch(
      new RegExp(`^SESSION +STATE .*\\n${id} +PAUSED +operator`),
    );
    expect(await stage.run('list', '--agent', 'nobody')).toMatchObject({ code: 0, stdout: 'No sessions.\n' });
    expect(await stage.json<SessionSummary[]>('list', '--limit', '1')).toHaveLength(1);
  });

  test('U2: `watch` is live and ends with the session', async () => {
    const id = await stage.start();
    const watching = stage.run('watch', id, '--json');
    await stage.sdk.session(id).complete({ reason: 'draft accepted' });
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    const entries = lines<Entry>(stdout);
    expect(entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['started', 'transition', 'command', 'ended']),
    );
    expect(entries.find(({ kind }) => kind === 'command')).toMatchObject({
      by: 'ann',
      text: expect.stringContaining('draft accepted'),
    });
  });

  test('a reader that has read enough (`watch | head`) ends the command without a complaint', async () => {
    const id = await stage.start();
    const child = spawnCustody(['watch', id, '--address', temporalAddress(), '--namespace', stage.namespace]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdout.once('data', () => child.stdout.destroy());
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await expect.poll(() => child.stdout.destroyed, { timeout: 10_000 }).toBe(true);
    await stage.sdk.session(id).complete();
    expect(await ended).toBe(0);
    expect(stderr).toBe('');
  });
});
