import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

describe('steering', () => {
  test('L3: pause, resume and complete bring about the states they say', async () => {
    const id = await stage.start();
    expect(await stage.json('pause', id, '--reason', 'x')).toEqual({ id, state: 'PAUSED', record: expect.any(Number) });
    expect(await stage.sdk.session(id).describe()).toMatchObject({ state: 'PAUSED', cause: 'operator', reason: 'x' });
    expect(await stage.json('resume', id, '--reason', 'y', '--accept-changes')).toMatchObject({ state: 'RESUMING' });
    await expect.poll(async () => (await stage.sdk.session(id).describe()).state, { timeout: 10_000 }).toBe('RUNNING');
    expect(await stage.run('complete', id)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${id}: (AUDIT|COMPLETED) `)),
    });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'COMPLETED' });
  });

  test('L3: `cancel` ends a session as FAILED', async () => {
    const id = await stage.start();
    expect(await stage.run('cancel', id, '--reason', 'no longer needed')).toMatchObject({ code: 0 });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'FAILED', code: 'SESSION_CANCELLED' });
    expect((await stage.run('show', id)).stdout).toMatch(/state +FAILED[^]*SESSION_CANCELLED/);
  });

  test('L7: `rollback` goes back to the start', async () => {
    const id = await stage.start();
    expect(await stage.run('rollback', id, '--reason', 'wrong customer')).toMatchObject({ code: 0 });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'FAILED', code: 'ROLLED_BACK' });
  });

  test('T2: a deadline that has passed is shown with the command that extends it, and `extend` moves it', async () => {
    const id = await stage.start({ profile: 'brief' });
    await expect.poll(async () => (await stage.sdk.session(id).describe()).state, { timeout: 15_000 }).toBe('PAUSED');
    expect((await stage.run('show', id)).stdout).toMatch(/PAUSED \(timeout\)[^]*grace until[^]*custody extend/);
    const before = await stage.sdk.session(id).describe();
    expect(await stage.run('extend', id, '--by', '2h', '--reason', 'review takes longer')).toMatchObject({ code: 0 });
    const after = await stage.sdk.session(id).describe();
    expect(after.graceUntil).toBeNull();
    expect(Date.parse(after.deadlineAt!)).toBeGreaterThan(Date.parse(before.deadlineAt!));
    expect(await stage.run('extend', id, '--by', '48h', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^EXTENSION_TOO_LONG: .*\n  \S/),
    });
  });

  test('U4: what a session refuses is exit code 1 with code, sentence and remedy; also as JSON', async () => {
    const id = await stage.start();
    expect(await stage.run('resume', id, '--reason', 'x')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^ILLEGAL_IN_STATE: .+\n  .+custody show/),
    });
    const { code, stdout, stderr } = await stage.run('resume', id, '--reason', 'x', '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'ILLEGAL_IN_STATE', message: expect.any(String), remedy: expect.stringContaining('custody show') },
    });
    expect((await stage.run('watch', id, '--no-follow')).stdout).toMatch(/refused +resume: ILLEGAL_IN_STATE/);
  });

  test('U4: a session that is not there, and one that has ended, are told apart', async () => {
    const id = await stage.start();
    await stage.sdk.session(id).cancel({ reason: 'x' });
    await stage.sdk.session(id).wait();
    const [missing, ended, watched] = await Promise.all([
      stage.run('pause', 'nobody', '--reason', 'x'),
      stage.run('pause', id, '--reason', 'x'),
      stage.run('watch', 'nobody'),
    ]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_NOT_FOUND: /) });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_ENDED: /) });
    expect(watched).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_NOT_FOUND: /) });
  });
});
