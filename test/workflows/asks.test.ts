import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showSession } from '../../cli/render/session/session.ts';
import type { Entry } from '../../audit/entry.ts';
import type { Answer } from '../../protocol/calls/call.ts';
import { commandSignal } from '../../workflows/messages.ts';
import { custody } from '../cli/harness.ts';
import { Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

const EVERYTHING = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const HOSTILE = fileURLToPath(new URL('../servers/hostile.mjs', import.meta.url));
const ASKING = fileURLToPath(new URL('../servers/asking.mjs', import.meta.url));

let harness: Harness;
let folder: string;
let journal: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-asks-'));
  journal = join(folder, 'journal.jsonl');
  const asking = (revision: string) => ({
    command: process.execPath,
    args: [ASKING, '--revision', revision, '--journal', journal],
  });
  const effects = (server: string) =>
    Object.fromEntries(['order', 'survey'].map((tool) => [`${server}.${tool}`, { effect: 'irreversible' }]));
  harness = await Harness.start({
    servers: {
      hostile: { command: process.execPath, args: [HOSTILE, '--mode', 'ask'] },
      everything: { command: process.execPath, args: [EVERYTHING, 'stdio'] },
      modern: asking('2026-07-28'),
      legacy: asking('2025-11-25'),
    },
    tools: { ...effects('modern'), ...effects('legacy') },
  });
}, 400_000);
afterAll(async () => {
  await harness.stop();
  await rm(folder, { recursive: true });
});

const done = (key: string): number =>
  readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"phase":"end"') && line.includes(`${key}"`)).length;
const start = (server: string, tuning = {}) =>
  harness.custody.start(harness.spec({ servers: [server] }), { tuning }).then(({ id }) => id);
const asks = (id: string, callId = 'a') =>
  harness.until(
    id,
    ({ openCalls }) => openCalls.some((call) => call.callId === callId && call.phase === 'awaiting_input'),
    'the call awaits input',
  );
const textIn = (answer: Answer): string => JSON.stringify(answer.result);

describe('E8: server-everything asks in mid-call', () => {
  test('the call is parked until somebody responds, and a response that does not fit is refused', async () => {
    const id = await start('everything');
    const answer = harness.custody.session(id).call('everything.trigger-elicitation-request', {}, { callId: 'a' });
    const view = await asks(id);
    expect(view).toMatchObject({
      state: 'RUNNING',
      openCalls: [{ attempts: 1, asks: [{ message: 'Please provide inputs for the following fields:' }] }],
    });
    expect(showSession(view)).toContain(`custody respond ${id} a --with '{"name":"…"}'`);
    expect(showSession(view)).toContain('integer: integer; Integer; Your favorite integer');
    await expect(
      harness.custody.session(id).call('everything.trigger-elicitation-request', {}, { callId: 'a', wait: false }),
    ).rejects.toMatchObject({ code: 'CALL_PARKED' });
    await expect(harness.custody.session(id).respond('a', { name: 7 })).rejects.toMatchObject({
      code: 'RESPONSE_INVALID',
    });
    await expect(harness.custody.session(id).respond('b', { name: 'Ann' })).rejects.toMatchObject({
      code: 'CALL_NOT_FOUND',
    });
    await asks(id);
    const line = [
      'respond',
      id,
      'a',
      '--with',
      '{"name":"Ann","integer":7}',
      '--reason',
      'she said so',
      '--address',
      temporalAddress(),
      '--task-queue',
      harness.custody.taskQueue,
      '--json',
    ];
    expect(await custody(line)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"state": "RUNNING"') as string,
    });
    expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    expect(textIn(await answer)).toContain('Ann');
    await expect(harness.custody.session(id).respond('a', { name: 'Ann' })).rejects.toMatchObject({
      code: 'CALL_NOT_ASKING',
    });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    const entries: Entry[] = [];
    for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['asks', 'responded', 'refused']));
    expect(entries.find(({ kind, text }) => kind === 'outcome' && text.includes('input_required'))).toBeDefined();
  });

  test('it may be declined, by a signal too, and a repeated one changes nothing', async () => {
    const id = await start('everything');
    const answer = harness.custody.session(id).call('everything.trigger-elicitation-request', {}, { callId: 'a' });
    await asks(id);
    const handle = harness.custody.temporal.workflow.getHandle(id);
    const decline = { callId: 'a', with: { action: 'decline' }, actor: 'ann', commandId: 'no-1' };
    await handle.signal(commandSignal('respond'), decline);
    await handle.signal(commandSignal('respond'), decline);
    expect(textIn(await answer)).toContain('declined');
    await harness.custody.session(id).cancel();
  });

  test('calls beside it go on, and so does a session that continues as new and is paused meanwhile', async () => {
    const id = await start('everything', { eventsPerRun: 30 });
    const answer = harness.custody.session(id).call('everything.trigger-elicitation-request', {}, { callId: 'a' });
    await asks(id);
    for (let n = 0; n < 8; n += 1) await harness.custody.session(id).call('everything.echo', { message: `${n}` });
    await harness.custody.session(id).pause();
    expect((await asks(id)).runs).toBeGreaterThan(1);
    await harness.custody.session(id).respond('a', { name: 'Ann' });
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'queued');
    await harness.custody.session(id).resume();
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    await harness.custody.session(id).complete();
    expect((await harness.custody.session(id).wait()).outcome).toBe('COMPLETED');
  });

  test('sampling is not offered: the server has no tool for it', async () => {
    const id = await start('everything');
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await expect(
      harness.custody.session(id).call('everything.trigger-sampling-request', { prompt: 'x' }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    await harness.custody.session(id).cancel();
  });
});

describe('E8: a server of revision 2026-07-28 answers that it needs input', () => {
  test('two forms at once, each with its response; the call is made once', async () => {
    const id = await start('modern');
    const answer = harness.custody.session(id).call('modern.survey', {}, { callId: 'a' });
    expect((await asks(id)).openCalls[0]?.asks?.map(({ key }) => key)).toEqual(['order', 'who']);
    await expect(harness.custody.session(id).respond('a', { order: { confirm: true } })).rejects.toMatchObject({
      code: 'RESPONSE_INVALID',
    });
    await harness.custody
      .session(id)
      .respond('a', { order: { confirm: true, colour: 'red' }, who: { action: 'decline' } });
    expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    expect(JSON.parse(((await answer).result as { content: { text: string }[] }).content[0]?.text ?? '')).toEqual({
      order: { action: 'accept', content: { confirm: true, colour: 'red' } },
      who: { action: 'decline' },
    });
    expect(done(`${id}/a`)).toBe(1);
    await harness.custody.session(id).cancel();
  });

  test('nothing but to be called again is done by itself', async () => {
    const id = await start('modern');
    expect(await harness.custody.session(id).call('modern.again')).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    await harness.custody.session(id).cancel();
  });

  test('a session that is to complete waits for the response', async () => {
    const id = await start('modern');
    const answer = harness.custody.session(id).call('modern.order', {}, { callId: 'a' });
    await asks(id);
    await harness.custody.session(id).complete();
    expect(await asks(id)).toMatchObject({ state: 'AUDIT' });
    await harness.custody.session(id).respond('a', { confirm: true });
    expect(await answer).toMatchObject({ outcome: 'succeeded' });
    expect((await harness.custody.session(id).wait()).outcome).toBe('COMPLETED');
  });

  test('one that is cancelled does not: the call was never made, and is cancelled', async () => {
    const id = await start('modern');
    const answer = harness.custody.session(id).call('modern.order', {}, { callId: 'a' });
    await asks(id);
    await harness.custody.session(id).cancel();
    expect(await harness.custody.session(id).wait()).toMatchObject({ code: 'SESSION_CANCELLED', openCalls: [] });
    expect(await answer.catch((error: { code: string }) => error)).toMatchObject({ outcome: 'cancelled' });
    expect(done(`${id}/a`)).toBe(0);
  });
});

test(
  'E8: a session that is cancelled tells a server in mid-call that its question is cancelled, and nothing is ' +
    'in doubt',
  async () => {
    const id = await start('legacy');
    void harness.custody
      .session(id)
      .call('legacy.order', {}, { callId: 'a' })
      .catch(() => undefined);
    await asks(id);
    await harness.custody.session(id).cancel();
    const view = await harness.custody.session(id).wait();
    expect(view).toMatchObject({
      code: 'SESSION_CANCELLED',
      openCalls: [],
      calls: [{ callId: 'a', outcome: 'succeeded', attempts: 2 }],
    });
    expect(readFileSync(journal, 'utf8')).toContain('"responses":{"order":{"action":"cancel"}}');
  },
);

test('E8: a server that wants a model or folders in mid-call is refused, on record', async () => {
  const id = await start('hostile');
  const answer = harness.custody.session(id).call('hostile.poke', {}, { callId: 'a' });
  await asks(id);
  await harness.custody.session(id).respond('a', { action: 'decline' });
  expect(textIn(await answer).match(/-32601/g)).toHaveLength(2);
  await harness.custody.session(id).complete();
  await harness.custody.session(id).wait();
  const refused: string[] = [];
  for await (const { kind, text } of harness.custody.session(id).watch({ follow: false }))
    if (kind === 'ask-refused') refused.push(text);
  expect(refused.join()).toMatch(/a: the server wanted sampling\/createMessage.*roots\/list/);
});

test('E5: how far a server says that it is with a call shows while it runs, and leaves no event', async () => {
  const id = await start('everything');
  const answer = harness.custody
    .session(id)
    .call('everything.trigger-long-running-operation', { duration: 6, steps: 6 }, { callId: 'long' });
  const view = await harness.until(
    id,
    ({ openCalls }) => (openCalls[0]?.progress?.progress ?? 0) >= 2,
    'progress shows',
  );
  expect(view.openCalls).toMatchObject([{ callId: 'long', phase: 'running', progress: { total: 6 } }]);
  expect(showSession(view)).toMatch(/long +everything.trigger-long-running-operation +running, \d of 6/);
  expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  expect((await harness.custody.session(id).describe()).openCalls).toEqual([]);
  await harness.custody.session(id).cancel();
});
