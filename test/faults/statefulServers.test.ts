import { describe, expect, test } from 'vitest';
import type { Custody } from '../../client/index.ts';
import { judge, standing } from '../support/judge.ts';
import { Scene, type SceneOptions } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { WorkerProcess } from '../support/processes/workerProcess.ts';

async function sceneOf(
  onTestFinished: (end: () => Promise<void>) => void,
  options: Omit<SceneOptions, 'address'> = {},
): Promise<Scene> {
  const scene = await Scene.open({ address: temporalAddress(), ...options });
  onTestFinished(() => scene.close());
  return scene;
}

/** Who holds the server of a session, and how often it was opened. */
const held = async (custody: Custody, id: string) => (await custody.session(id).describe()).servers[0]?.held;

/** The worker that holds the server, and the other one. */
async function inTurn(
  scene: Scene,
  id: string,
  workers: readonly WorkerProcess[],
): Promise<[holder: WorkerProcess, other: WorkerProcess]> {
  const { worker } = (await held(scene.custody, id)) ?? {};
  const [holder, other] = workers.toSorted((a) => (a.name === worker ? -1 : 1));
  if (!holder || !other || holder.name !== worker) throw new Error(`Nobody holds the server: ${worker}`);
  return [holder, other];
}

const processes = (scene: Scene): number[] => [...new Set(scene.journal.entries().map(({ pid }) => pid))];

describe.concurrent('a stateful server', () => {
  test('E1, L6: with two workers, all calls of a session reach one process, and it keeps what it was told', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished);
    await Promise.all([scene.worker({ name: 'one' }), scene.worker({ name: 'two' })]);
    const id = await scene.session();
    for (let n = 0; n < 20; n += 1) {
      await scene.custody.session(id).call('journal.upsert', { key: `k${n}`, value: `v${n}` });
      const answer = await scene.custody.session(id).call('journal.lookup', { key: `k${n}` });
      expect(answer.result).toMatchObject({ structuredContent: { value: `v${n}` } });
    }
    expect(scene.journal.entries().filter(({ phase }) => phase === 'end')).toHaveLength(41);
    expect(processes(scene)).toHaveLength(1);
    expect(await held(scene.custody, id)).toMatchObject({ generation: 1 });
    await judge(scene, id);
  });

  test('E1, L5: a resume finds the server where it is held, with what it was told', async ({ onTestFinished }) => {
    const scene = await sceneOf(onTestFinished);
    await Promise.all([scene.worker({ name: 'one' }), scene.worker({ name: 'two' })]);
    const id = await scene.session();
    await scene.custody.session(id).call('journal.upsert', { key: 'k', value: 'v' });
    for (let round = 0; round < 4; round += 1) {
      await scene.custody.session(id).pause({ reason: 'a look' });
      await scene.custody.session(id).resume({ reason: 'on' });
      expect((await scene.custody.session(id).call('journal.lookup', { key: 'k' })).result).toMatchObject({
        structuredContent: { value: 'v' },
      });
    }
    expect(processes(scene)).toHaveLength(1);
    expect(await held(scene.custody, id)).toMatchObject({ generation: 1 });
    await judge(scene, id);
  });

  test.for([{ when: 'idle' }, { when: 'in a call' }] as const)(
    'L6: its worker is killed, $when: it is opened again on the other one, as generation 2 and one restart',
    async ({ when }, { onTestFinished }) => {
      const scene = await sceneOf(onTestFinished);
      const workers = await Promise.all([scene.worker({ name: 'one' }), scene.worker({ name: 'two' })]);
      const id = await scene.session();
      const [holder, other] = await inTurn(scene, id, workers);
      const read =
        when === 'in a call'
          ? scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'end' }, { callId: 'r' })
          : undefined;
      if (read) await until('at the server', () => scene.journal.of(id, 'r') === 'begin');
      const { at } = await holder.kill();
      scene.journal.open('end');

      expect(await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' })).toMatchObject({
        outcome: 'succeeded',
      });
      const seconds =
        (Date.parse(scene.journal.entries().find(({ idempotencyKey }) => idempotencyKey === `${id}/a`)?.at ?? '') -
          at) /
        1000;
      console.log(`From SIGKILL of the holder, ${when}, to the next call on another worker: ${seconds.toFixed(1)} s`);
      if (read) expect(await read).toMatchObject({ outcome: 'succeeded' });
      expect(scene.journal.of(id, 'a')).toBe('begin end');
      expect(processes(scene)).toHaveLength(2);
      expect(await scene.custody.session(id).describe()).toMatchObject({
        state: 'RUNNING',
        restarts: 1,
        servers: [{ held: { worker: other.name, generation: 2 } }],
      });
      const { entries } = await judge(scene, id);
      expect(entries.filter(({ kind }) => kind === 'restart')).toHaveLength(1);
      expect(entries.filter(({ kind }) => kind === 'server-reopened').map(({ text }) => text)).toEqual([
        expect.stringContaining(`journal opened again on worker ${other.name}, generation 2`),
      ]);
    },
  );

  test('L4, L6: with whenLost: pause the session is PAUSED (restart); a resume opens it anew', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished, { whenLost: 'pause' });
    const first = await scene.worker();
    const id = await scene.session();
    await first.kill();
    await scene.worker();
    const call = scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' });
    const paused = await until('paused', async () => {
      const view = await scene.custody.session(id).describe();
      return view.state === 'PAUSED' ? view : undefined;
    });
    expect(paused).toMatchObject({
      cause: 'restart',
      restarts: 1,
      servers: [{ held: { worker: null, generation: 1 } }],
    });
    expect(paused.reason).toContain('journal is lost with its state');
    expect(scene.journal.of(id, 'a')).toBe('');
    await scene.custody.session(id).resume({ reason: 'it may begin anew' });
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(scene.journal.of(id, 'a')).toBe('begin end');
    expect(await scene.custody.session(id).describe()).toMatchObject({
      restarts: 1,
      servers: [{ held: { worker: 'alpha', generation: 2 } }],
    });
    await judge(scene, id);
  });

  test('L5, L6: with whenLost: pause, a resume that finds it lost is PAUSED again, and the next one opens it', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished, { whenLost: 'pause' });
    const first = await scene.worker();
    const id = await scene.session();
    await scene.custody.session(id).pause({ reason: 'a look' });
    await first.kill();
    await scene.worker();
    await scene.custody.session(id).resume({ reason: 'on' });
    await until('paused again', async () => (await scene.custody.session(id).describe()).cause === 'restart');
    await scene.custody.session(id).resume({ reason: 'it may begin anew' });
    expect(await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' })).toMatchObject({
      outcome: 'succeeded',
    });
    expect(await scene.custody.session(id).describe()).toMatchObject({
      restarts: 1,
      servers: [{ held: { worker: 'alpha', generation: 2 } }],
    });
    await judge(scene, id);
  });

  test.for(['child', 'sessions'] as const)(
    'E1, L6: %s: its process is killed while nobody calls: generation 2 for the next call, and no restart',
    async (server, { onTestFinished }) => {
      const scene = await sceneOf(onTestFinished, { server });
      await scene.worker();
      const id = await scene.session();
      await scene.killServer(processes(scene)[0] as number);
      // A read: whoever calls before the worker has noticed may have sent it.
      expect(await scene.custody.session(id).call('journal.lookup', { key: 'k' }, { callId: 'r' })).toMatchObject({
        outcome: 'succeeded',
      });
      expect(scene.journal.of(id, 'r')).toBe('begin end');
      expect(await scene.custody.session(id).describe()).toMatchObject({
        restarts: 0,
        servers: [{ held: { worker: 'alpha', generation: 2 } }],
      });
      await judge(scene, id);
    },
  );

  test('L6: a worker without a free slot is waited for, and loses nothing', async ({ onTestFinished }) => {
    const scene = await sceneOf(onTestFinished);
    await scene.worker({ maxCalls: 2 });
    const [busy, waiting] = [await scene.session(), await scene.session()];
    const long = ['a', 'b', 'c'].map((callId) =>
      scene.custody.session(busy).call('journal.append', { text: callId, gate: 'end' }, { callId }),
    );
    await until(
      'two at the server',
      () => ['a', 'b', 'c'].filter((callId) => scene.journal.of(busy, callId) === 'begin').length === 2,
    );
    const call = scene.custody.session(waiting).call('journal.append', { text: 'x' }, { callId: 'w' });
    await until('asked', async () =>
      (await scene.custody.session(waiting).describe()).openCalls.some(
        ({ trouble }) => trouble?.code === 'WORKER_BUSY',
      ),
    );
    scene.journal.open('end');
    expect(await Promise.all([...long, call])).toMatchObject([
      { outcome: 'succeeded', attempts: 1 },
      { outcome: 'succeeded', attempts: 1 },
      { outcome: 'succeeded', attempts: 1 },
      { outcome: 'succeeded' },
    ]);
    for (const id of [busy, waiting]) {
      expect(await scene.custody.session(id).describe()).toMatchObject({
        state: 'RUNNING',
        restarts: 0,
        servers: [{ held: { generation: 1 } }],
      });
      await judge(scene, id);
    }
  });

  test('U4, L6: a forged release of a lease is refused, on record, and changes nothing', async ({ onTestFinished }) => {
    const scene = await sceneOf(onTestFinished);
    await scene.worker();
    const id = await scene.session();
    const handle = scene.custody.temporal.workflow.getHandle(id);
    await handle.signal('released', { server: 'journal', lease: 'made up' });
    await handle.signal('released', { server: ['journal'] });
    await handle.signal('released');
    expect(await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'a' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    const { entries } = await judge(scene, id);
    expect(entries.filter(({ kind }) => kind === 'refused').map(({ text }) => text.split(': ')[1])).toEqual([
      'LEASE_LOST',
      'MALFORMED_COMMAND',
      'MALFORMED_COMMAND',
    ]);
    expect(await held(scene.custody, id)).toMatchObject({ generation: 1 });
    expect(await standing(scene, id, 'a')).toBe('succeeded');
  });
});
