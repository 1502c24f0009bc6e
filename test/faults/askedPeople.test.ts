import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startHttpServer } from '../servers/start.ts';
import { judge, standing } from '../support/judge.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { WorkerProcess } from '../support/processes/workerProcess.ts';

const ASKING = fileURLToPath(new URL('../servers/asking.mjs', import.meta.url));
const TOOLS = { 'asking.order': { effect: 'irreversible' }, 'asking.lookup': { effect: 'read-only' } };

interface Asked {
  readonly scene: Scene;
  readonly id: string;
  readonly worker: WorkerProcess;
  readonly answer: ReturnType<ReturnType<Scene['custody']['session']>['call']>;
  /** What the server wrote down of the call, but for streams that ended. */
  readonly phases: () => readonly string[];
  readonly serverPid: () => number;
}

type End = (end: () => Promise<void>) => void;

/**
 * A session whose call waits for a person.
 * @param form under 2026-07-28 the server is apart, else it is a child of its worker
 */
async function asked(onTestFinished: End, form: '2026-07-28' | '2025-11-25', tool: 'order' | 'lookup'): Promise<Asked> {
  let file = '';
  let url = '';
  if (form === '2026-07-28') {
    file = join(
      process.env.TMPDIR ?? '/tmp',
      `custody-asking-${process.pid}-${Math.random().toString(36).slice(2)}.jsonl`,
    );
    const server = await startHttpServer('asking.mjs', ['--journal', file]);
    onTestFinished(() => server.kill());
    url = server.server.url;
  }
  const scene = await Scene.open({
    address: temporalAddress(),
    servers: (folder) => {
      if (file === '') file = join(folder, 'asking.jsonl');
      return {
        asking:
          url !== '' ? { url } : { command: process.execPath, args: [ASKING, '--revision', form, '--journal', file] },
      };
    },
    tools: TOOLS,
  });
  onTestFinished(() => scene.close());
  const worker = await scene.worker();
  const id = await scene.start({ servers: ['asking'] });
  const answer = scene.custody.session(id).call(`asking.${tool}`, {}, { callId: 'c' });
  answer.catch(() => undefined);
  await until('asked', async () => (await phaseOf(scene, id)) === 'awaiting_input');
  const lines = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { phase: string; key: string; pid: number });
  return {
    scene,
    id,
    worker,
    answer,
    phases: () =>
      lines()
        .filter(({ key, phase }) => key === `${id}/c` && phase !== 'cancelled')
        .map(({ phase }) => phase),
    serverPid: () => lines().at(-1)?.pid ?? 0,
  };
}

const phaseOf = async (scene: Scene, id: string): Promise<string | undefined> =>
  (await scene.custody.session(id).describe()).openCalls.find(({ callId }) => callId === 'c')?.phase;

describe.concurrent('a worker killed while a server waits for a person', () => {
  test.for(['the same worker', 'another worker'] as const)(
    'L6, E8: revision 2026-07-28, %s takes over: the response goes on, and the call is made once',
    async (next, { onTestFinished }) => {
      const { scene, id, worker, answer, phases } = await asked(onTestFinished, '2026-07-28', 'order');
      await worker.kill();
      await scene.worker(next === 'the same worker' ? {} : { name: 'beta', inherits: false });
      await scene.custody.session(id).respond('c', { confirm: true });
      expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
      expect(phases()).toEqual(['begin', 'again', 'end']);
      await judge(scene, id);
      expect(await scene.custody.session(id).describe()).toMatchObject({
        state: 'RUNNING',
        restarts: next === 'the same worker' ? 1 : 0,
      });
    },
  );

  test.for(['the same worker', 'another worker'] as const)(
    'L6, E3, E8: revisions before, %s takes over: the call that it held open is in doubt once somebody responds',
    async (next, { onTestFinished }) => {
      const { scene, id, worker, answer, phases } = await asked(onTestFinished, '2025-11-25', 'order');
      await worker.kill();
      await scene.worker(next === 'the same worker' ? {} : { name: 'beta', inherits: false });
      await scene.custody.session(id).respond('c', { confirm: true });
      await until('in doubt', async () => (await standing(scene, id, 'c')) === 'in_doubt');
      await scene.custody.session(id).resolve('c', 'failed', { reason: 'no order there' });
      expect(await answer).toMatchObject({ outcome: 'failed', attempts: 2 });
      expect(phases()).not.toContain('end');
      await judge(scene, id);
      expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 1 });
    },
  );

  test('L6, E8: a read-only call that it held open begins anew, and asks again', async ({ onTestFinished }) => {
    const { scene, id, worker, answer } = await asked(onTestFinished, '2025-11-25', 'lookup');
    await worker.kill();
    await scene.worker();
    await scene.custody.session(id).respond('c', { confirm: true });
    await until('asked again', async () => (await phaseOf(scene, id)) === 'awaiting_input');
    await scene.custody.session(id).respond('c', { confirm: true });
    expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 4 });
  });
});

test('E3, E8: a planned stop loses a call that is held open for a person, and counts no restart', async ({
  onTestFinished,
}) => {
  const { scene, id, worker, answer } = await asked(onTestFinished, '2025-11-25', 'order');
  await worker.stop();
  await scene.worker();
  await scene.custody.session(id).respond('c', { confirm: true });
  await until('in doubt', async () => (await standing(scene, id, 'c')) === 'in_doubt');
  await scene.custody.session(id).resolve('c', 'failed', { reason: 'no order there' });
  expect(await answer).toMatchObject({ outcome: 'failed' });
  expect(await scene.custody.session(id).describe()).toMatchObject({ restarts: 0 });
});

test('E3, E8: an MCP server killed while it waits for a person: the call is in doubt once somebody responds', async ({
  onTestFinished,
}) => {
  const { scene, id, answer, serverPid } = await asked(onTestFinished, '2025-11-25', 'order');
  process.kill(serverPid(), 'SIGKILL');
  await scene.custody.session(id).respond('c', { confirm: true });
  await until('in doubt', async () => (await standing(scene, id, 'c')) === 'in_doubt');
  await scene.custody.session(id).resolve('c', 'retry', { reason: 'no order there' });
  await until('asked again', async () => (await phaseOf(scene, id)) === 'awaiting_input');
  await scene.custody.session(id).respond('c', { action: 'decline' });
  expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 4 });
  expect(await scene.custody.session(id).describe()).toMatchObject({ restarts: 0 });
});
