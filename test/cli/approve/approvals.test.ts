import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Custody, SessionApproval, SessionHandle } from '../../../client/index.ts';
import { createInterface } from 'node:readline';
import { temporalAddress } from '../../support/temporal.ts';
import { spawnCustody } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

const RULES = `
@id("appends") @approval("2") @says("Appends are looked at by two persons.")
forbid(principal, action == Action::"journal.append", resource);

@id("upserts") @approval @expires("2h")
forbid(principal, action == Action::"journal.upsert", resource);
`;

let stage: Stage;
let bob: Custody;
beforeAll(async () => {
  stage = await openStage({
    prepare: async ({ write, config }) => {
      await write('rules.cedar', RULES);
      const { tools, ...given } = JSON.parse(await readFile(config, 'utf8')) as { readonly tools: object };
      const upsert = {
        effect: 'compensable',
        undo: {
          before: { tool: 'lookup', args: { key: '${args.key}' } },
          restore: { tool: 'upsert', args: { key: '${args.key}', value: '${before.content.0.text}' } },
        },
      };
      await write('custody.yaml', {
        ...given,
        tools: { ...tools, 'journal.upsert': upsert },
        profiles: { standard: {}, careful: { approvals: { extend: 2 } } },
        policies: { standard: { rules: ['rules.cedar'], default: 'allow' } },
      });
    },
  });
  bob = stage.sdk.as('bob');
});
afterAll(() => stage?.end());

const asked = async (session: SessionHandle, id: string) =>
  expect
    .poll(async () => (await session.approvals.list()).map((each) => each.id), { timeout: 15_000 })
    .toContain(id)
    .then(async () => (await session.approvals.list()).find((each) => each.id === id)!);
/** Visibility is some moments behind. */
const listed = (...ids: string[]) =>
  expect
    .poll(async () => (await stage.sdk.approvals()).approvals.map(({ session, id }) => `${session}/${id}`), {
      timeout: 15_000,
    })
    .toEqual(expect.arrayContaining(ids));

describe('P3: `custody approvals`', () => {
  test('lists what all sessions ask, the oldest first, and what of it somebody can decide', async () => {
    const [one, two] = [bob.session(await stage.start()), stage.sdk.session(await stage.start())];
    const calls = [one.call('journal.append', { text: 'x' }), two.call('journal.append', { text: 'y' })];
    const [first] = [await asked(one, 'a1'), await asked(two, 'a1')];
    await listed(`${one.id}/a1`, `${two.id}/a1`);
    const { stdout } = await stage.run('approvals');
    const rows = stdout.split('\n').filter((line) => line.startsWith('session-'));
    expect(rows.find((row) => row.startsWith(one.id))).toMatch(
      /\/a1 +journal\.append \(.*\) +bob \(claimed\) +\S+ ago +in \S+ +0 of 2 +journal\.append needs approval/,
    );
    expect(stdout).toContain('$ custody approvals show APPROVAL --address');
    const mine = await stage.json<{ approvals: { session: string }[] }>('approvals', '--mine');
    expect(mine.approvals.map(({ session }) => session)).toContain(one.id);
    expect(mine.approvals.map(({ session }) => session)).not.toContain(two.id);
    await stage.sdk.as('ann').session(one.id).approvals.approve('a1', first.digest);
    expect((await stage.sdk.approvals({ mine: true })).approvals.map(({ session }) => session)).not.toContain(one.id);
    expect((await stage.run('list')).stdout).toMatch(/WAITS FOR[^]*approve[^]*\$ custody approvals/);
    expect((await stage.run('show', one.id)).stdout).toContain(`$ custody approvals show ${one.id}/a1`);
    for (const session of [one, two]) await session.cancel({ reason: 'enough' });
    await Promise.all(calls);
  });

  test('`show` says what would change, by which rule, and what to type; `approve` wants the digest of it', async () => {
    const session = bob.session(await stage.start({ servers: ['journal'] }));
    const made = session.call('journal.upsert', { key: 'k', value: 'one\ntwo\nthree' });
    const { digest } = await asked(session, 'a1');
    const where = `${session.id}/a1`;
    expect((await stage.run('approvals', 'show', where)).stdout).toMatch(
      /What would change[^]*--- value\n\+\+\+ value\n@@ -1 \+1 @@\n\+one\n\+two\n\+three/,
    );
    expect(await stage.run('approve', where)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`No terminal to ask on[^]*custody approve ${where} --digest ${digest}`)),
    });
    expect(await stage.run('approve', where, '--digest', '0'.repeat(64))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^APPROVAL_DIFFERS: /),
    });
    const approved = await stage.run('approve', where, '--digest', digest, '--reason', 'fine');
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${session.id}: RUNNING`)) });
    expect(await made).toMatchObject({ outcome: 'succeeded' });
    const next = session.call('journal.upsert', { key: 'k', value: 'one\n2\nthree' });
    await asked(session, 'a2');
    const { stdout } = await stage.run('approvals', 'show', `${session.id}/a2`);
    expect(stdout).toMatch(/What would change[^]*--- value\n\+\+\+ value\n@@ -1 \+1 @@\n one\n-two\n\+2\n three/);
    expect(stdout).toMatch(/rule upserts.*rules\.cedar:\d+\n@id\("upserts"\)/);
    expect(stdout).toMatch(/effect +compensable[^]*tool +journal\.upsert, definition [0-9a-f]{16}/);
    expect(stdout).toMatch(/wanted by +bob \(claimed\)[^]*ends .*in \d+m?h?.*then it is denied/);
    expect(stdout).toContain(`$ custody reject ${session.id}/a2 --reason "why"`);
    expect(await stage.run('reject', `${session.id}/a2`, '--reason', 'not 2')).toMatchObject({ code: 0 });
    expect(await next).toMatchObject({ error: { code: 'APPROVAL_REJECTED', message: 'ann rejected it: not 2' } });
    expect(await stage.run('approvals', 'show', `${session.id}/a2`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^APPROVAL_ENDED: The approval a2 rejected: not 2, by ann/),
    });
    await session.cancel({ reason: 'enough' });
  });

  test('`approve --args` makes another call; where two must approve, it says how many have', async () => {
    const session = bob.session(await stage.start());
    const edited = session.call('journal.upsert', { key: 'e', value: 'all' });
    const { digest } = await asked(session, 'a1');
    const file = await stage.folder.write('less.json', { key: 'e', value: 'less' });
    await stage.run('approve', `${session.id}/a1`, '--digest', digest, '--args', file);
    expect(await edited).toMatchObject({ error: { code: 'APPROVAL_EDITED' } });
    expect(await session.answer('edit/a1')).toMatchObject({ outcome: 'succeeded' });
    const double = session.call('journal.append', { text: 'twice' });
    const { digest: other } = await asked(session, 'a2');
    expect(await stage.run('approve', `${session.id}/a2`, '--digest', other)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`1 of 2 persons have approved ${session.id}/a2`),
    });
    await stage.sdk.as('cid').session(session.id).approvals.approve('a2', other);
    expect(await double).toMatchObject({ outcome: 'succeeded' });
    await session.cancel({ reason: 'enough' });
  });

  test('a command that others must approve is not done, and says so', async () => {
    const id = await stage.start({ profile: 'careful' });
    const { code, stdout } = await stage.run('extend', id, '--by', '1h', '--reason', 'more to do');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(
          `^${id}: it takes effect once 2 others approve it:\\n  \\$ custody approvals show ${id}/a1 --address`,
        ),
      ),
    });
    expect((await stage.run('approvals', 'show', `${id}/a1`)).stdout).toMatch(
      /extend by 1h[^]*wanted by +ann[^]*reason +more to do/,
    );
    await stage.sdk.session(id).cancel({ reason: 'enough' });
  });

  test('`--watch --json` tells what is asked and what is over, a line each', async () => {
    const session = bob.session(await stage.start());
    const call = session.call('journal.upsert', { key: 'w', value: 'x' });
    const { digest } = await asked(session, 'a1');
    await listed(`${session.id}/a1`);
    const where = ['--address', temporalAddress(), '--namespace', stage.namespace];
    const watching = spawnCustody(['approvals', '--watch', '--json', ...where]);
    const lines = createInterface(watching.stdout)[Symbol.asyncIterator]();
    const until = async (is: (said: { asked?: SessionApproval; over?: string }) => boolean): Promise<void> => {
      for (let isSaid = false; !isSaid;) isSaid = is(JSON.parse(String((await lines.next()).value)) as object);
    };
    await until(({ asked: told }) => told?.session === session.id && told.id === 'a1');
    await stage.sdk.session(session.id).approvals.approve('a1', digest);
    await until(({ over }) => over === `${session.id}/a1`);
    watching.kill('SIGINT');
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    await session.cancel({ reason: 'enough' });
  });

  test.each([
    [['approve', 'a1'], "'a1' names no approval"],
    [['reject', 's/a1'], "required option '--reason <text>' not specified"],
    [['approve', 's/a1', '--args', '/nowhere.json'], 'The file of --args cannot be read'],
  ])('U4: %j is a usage error', async (args, sentence) => {
    expect(await stage.run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});
