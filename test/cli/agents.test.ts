import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attached } from '../../client/session/agents/attached.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

test('L10, U2: an agent that is a script saves its state, and finds it again with its calls', async () => {
  const id = await stage.start();
  const state = { step: 3, open: ['c2'] };
  const path = await stage.folder.write('state.json', state);
  expect(await stage.json('save-state', id, '--state', `@${path}`)).toEqual({
    id,
    state: 'RUNNING',
    record: expect.any(Number),
  });
  await stage.sdk.session(id).call('journal.append', { text: 'a' }, { callId: 'c1' });
  await stage.sdk.session(id).pause({ reason: 'lunch' });
  await stage.sdk
    .session(id)
    .call('journal.append', { text: 'b' }, { callId: 'c2', wait: false })
    .catch(() => undefined);

  const attached = await stage.json<Attached>('attach', id);
  expect(attached).toMatchObject({
    agentState: state,
    answered: [{ callId: 'c1', outcome: 'succeeded' }],
    open: [{ callId: 'c2', phase: 'queued' }],
    more: { answered: 0, open: 0 },
    view: { state: 'PAUSED' },
  });
  const { stdout } = await stage.run('attach', id, '--reason', 'the machine was restarted');
  expect(stdout).toMatch(
    /PAUSED[^]*saved +\d+ B of state by ann \(claimed\)[^]*c1[^]*c2[^]*saved state\n\{\n  "step": 3,/,
  );
  const told = (await stage.run('watch', id, '--no-follow')).stdout;
  expect(told).toMatch(/state-saved +the agent saved its state, 24 bytes  by ann[^]*attached +/);
  expect(told).toMatch(/attached +an agent attached to the session: the machine was restarted  by ann/);
  expect(await stage.run('save-state', id, '--state', '{')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--state is not JSON'),
  });
});

test('E7, U2: records stand in the timeline, usage is added up, and what is no record is refused', async () => {
  const id = await stage.start();
  const usage = JSON.stringify({ model: 'm-1', inputTokens: 1200, outputTokens: 300, microUsd: 4500 });
  expect(
    await stage.run(
      'record',
      id,
      '--kind',
      'decision',
      '--text',
      'the draft is good enough',
      '--data',
      '{"score":0.92}',
    ),
  ).toMatchObject({ code: 0 });
  for (let repeats = 0; repeats < 2; repeats += 1)
    expect(
      await stage.run('record', id, '--kind', 'usage', '--text', 'summary', '--usage', usage, '--command-id', 'u1'),
    ).toMatchObject({ code: 0 });
  expect((await stage.run('show', id)).stdout).toContain('1200 tokens in, 300 out, 0.0045 USD, as agents recorded');
  const timeline = (await stage.run('watch', id, '--no-follow')).stdout;
  expect(timeline).toMatch(/execution +decision +the draft is good enough  by ann \(claimed\)\n/);
  expect(timeline.match(/execution +usage +summary \(m-1: 1200 tokens in, 300 out, 4500 micro-USD\)/g)).toHaveLength(1);
  expect(await stage.run('record', id, '--kind', 'usage', '--text', 'x', '--usage', '{"model":"m"}')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^MALFORMED_COMMAND: .*'usage' must be/),
  });
  expect(await stage.run('record', id, '--kind', 'thought', '--text', 'x')).toMatchObject({ code: 2 });
});

test('L6, U2: a heartbeat is sent to a session that lives, and refused for one that has ended', async () => {
  const id = await stage.start();
  expect(await stage.run('heartbeat', id)).toMatchObject({ code: 0, stdout: `${id}: heartbeat sent\n` });
  await stage.sdk.session(id).cancel({ reason: 'x' });
  await stage.sdk.session(id).wait();
  expect(await stage.run('heartbeat', id)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^SESSION_ENDED: /),
  });
});
