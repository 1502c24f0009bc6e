import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeView } from '../../../client/index.ts';
import { alertingAt, reaching, SECRET_VARIABLE, spend } from '../../support/notices/place.ts';
import { Receiver, SECRET } from '../../support/notices/receiver.ts';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from '../stage.ts';

let [stage, taking, refusing] = [undefined as unknown as Stage, [] as never as Receiver, [] as never as Receiver];
beforeAll(async () => {
  taking = await Receiver.start();
  refusing = await Receiver.start(() => 410);
  stage = await openStage({
    prepare: async ({ config }) => {
      const before = JSON.parse(await readFile(config, 'utf8')) as object;
      const notices = {
        log: true,
        to: { ops: reaching(taking), old: { ...reaching(refusing), kinds: ['notify'] } },
      };
      await writeFile(config, JSON.stringify({ ...before, notices, profiles: { standard: alertingAt(10, 20) } }));
    },
  });
});
afterAll(async () => {
  await stage?.end();
  await Promise.all([taking.stop(), refusing.stop()]);
});

describe('U4, C3: custody notices', () => {
  test('lists what was delivered and what was given up, over all sessions or of one', async () => {
    const [id, other] = [await stage.start(), await stage.start()];
    await spend(stage.sdk.session(id), 15);
    await spend(stage.sdk.session(other), 15);
    await until('both are settled', async () => (await stage.json<NoticeView[]>('notices')).length === 4);
    const { stdout } = await stage.run('notices', id);
    expect(stdout).toMatch(/^NOTICE +KIND +OF +TO +STATE +WHEN +TRIES +WHY/);
    expect(stdout).toMatch(new RegExp(`${id}/\\d+ +notify +\\S+ +ops +delivered`));
    expect(stdout).toMatch(new RegExp(`${id}/\\d+ +notify +\\S+ +old +failed +.*NOTICE_REFUSED: It answered 410`));
    expect(stdout).not.toContain(other);
    const failed = await stage.json<NoticeView[]>('notices', '--failed');
    expect(failed.map(({ session, to, state }) => [session, to, state]).toSorted()).toEqual(
      [id, other].toSorted().map((session) => [session, 'old', 'failed']),
    );
    const { stdout: none } = await stage.run('notices', 'nobody');
    expect(none).toBe('No notices.\n');
  });

  test('the log of the worker has them, too, with their words', async () => {
    const id = await stage.start();
    await spend(stage.sdk.session(id), 15);
    const line = await until('it stands there', () =>
      stage.worker
        .stderr()
        .split('\n')
        .find((each) => each.includes('"notice"') && each.includes(id)),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      session: id,
      kind: 'notify',
      msg: 'notice: 15 USD are spent, 10 % or more of the budget of 100 USD',
    });
    expect(stage.worker.stderr()).not.toContain(SECRET);
  });
});

describe('U4, C3: custody notices test', () => {
  const tried = (...args: string[]) => stage.run('notices', 'test', '--config', stage.folder.config, ...args);

  test('sends one that says so to each destination, and says what came back', async () => {
    const { code, stdout } = await tried();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ops took it, by status 204, under the id test-\S+\/1\.$/m);
    expect(stdout).toMatch(/^old: NOTICE_REFUSED: It answered 410: not now\.$/m);
    expect(taking.received.at(-1)).toMatchObject({
      event: { type: 'io.custody.notify', data: { text: 'a test of the destination ops, by custody notices test' } },
    });
  });

  test('to one by its name, as JSON; a name that is not there is an error with what there is', async () => {
    const { code, stdout } = await tried('ops', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, [{ to: 'ops', status: 204, error: null }]]);
    const { code: failed, stderr } = await tried('opps');
    expect(failed).toBe(1);
    expect(stderr).toContain('has no destination "opps" under notices; it has ops and old; did you mean "ops"?');
  });

  test('without its secret it says which variable is missing', async () => {
    const { [SECRET_VARIABLE]: before } = process.env;
    delete process.env[SECRET_VARIABLE];
    const { stdout } = await tried('ops');
    process.env[SECRET_VARIABLE] = before;
    expect(stdout).toContain(`ops: SECRET_MISSING: The environment variable "${SECRET_VARIABLE}" is not set`);
  });
});
