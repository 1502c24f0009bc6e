import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/processes/isAlive.ts';
import { judge, standing } from '../support/judge.ts';
import { Scene, type SceneOptions } from '../support/scene.ts';
import { storyOf } from '../support/story.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { Point, WorkerProcess } from '../support/processes/workerProcess.ts';

/** Deaths that are measured. */
const ROUNDS = 2;

/** A scene that ends with its test. */
async function sceneOf(
  onTestFinished: (end: () => Promise<void>) => void,
  options: Omit<SceneOptions, 'address'> = {},
): Promise<Scene> {
  const scene = await Scene.open({ address: temporalAddress(), ...options });
  onTestFinished(() => scene.close());
  return scene;
}

/** Starts the worker that takes over: the same name and folder, or a stranger that knows nothing. */
const successor = (scene: Scene, who: 'the same worker' | 'another worker'): Promise<WorkerProcess> =>
  scene.worker(who === 'the same worker' ? {} : { name: 'beta', inherits: false });

interface Kill {
  readonly at: Point | 'while it runs';
  readonly next: 'the same worker' | 'another worker';
  readonly server: 'child' | 'apart';
  /** What the server saw by the time the call was settled or in doubt. */
  readonly journal: string | RegExp;
  readonly then: 'succeeded' | 'in_doubt';
  readonly attempts: number;
}

/** An irreversible call, a worker that dies at one point of it, and one that takes over. */
const KILLS: readonly Kill[] = [
  { at: 'before-mark', next: 'the same worker', server: 'child', journal: 'begin end', then: 'succeeded', attempts: 2 },
  { at: 'before-mark', next: 'another worker', server: 'apart', journal: 'begin end', then: 'succeeded', attempts: 2 },
  { at: 'after-mark', next: 'the same worker', server: 'child', journal: '', then: 'in_doubt', attempts: 1 },
  { at: 'after-mark', next: 'another worker', server: 'apart', journal: '', then: 'in_doubt', attempts: 1 },
  { at: 'while it runs', next: 'the same worker', server: 'child', journal: 'begin', then: 'in_doubt', attempts: 1 },
  {
    at: 'while it runs',
    next: 'another worker',
    server: 'apart',
    journal: /^begin (end|cancelled)$/,
    then: 'in_doubt',
    attempts: 1,
  },
  { at: 'after-answer', next: 'the same worker', server: 'child', journal: 'begin end', then: 'in_doubt', attempts: 1 },
  { at: 'after-answer', next: 'another worker', server: 'apart', journal: 'begin end', then: 'in_doubt', attempts: 1 },
  { at: 'after-keep', next: 'the same worker', server: 'child', journal: 'begin end', then: 'succeeded', attempts: 1 },
  { at: 'after-keep', next: 'the same worker', server: 'apart', journal: 'begin end', then: 'succeeded', attempts: 1 },
  { at: 'after-keep', next: 'another worker', server: 'apart', journal: 'begin end', then: 'in_doubt', attempts: 1 },
];

describe.concurrent('a worker killed in an irreversible call', () => {
  test.for(KILLS)(
    'L6, E3: $at; $next takes over, the server is $server: $then',
    async ({ at, next, server, journal, then, attempts }, { onTestFinished }) => {
      const scene = await sceneOf(onTestFinished, { server });
      const first = await scene.worker(at === 'while it runs' ? {} : { fault: at });
      const id = await scene.session();
      const answer = scene.custody
        .session(id)
        .call('journal.append', { text: 'x', ...(at === 'while it runs' ? { gate: 'end' } : {}) }, { callId: 'c' });
      if (at === 'while it runs') {
        await until('at the server', () => scene.journal.of(id, 'c') === 'begin');
        void first.kill();
      }
      const exit = await first.exited;
      expect(exit).toMatchObject({ signal: 'SIGKILL', struck: at === 'while it runs' ? null : at });
      if (at === 'while it runs' && server === 'apart') {
        scene.journal.open('end');
        await until('ended at the server', () => scene.journal.of(id, 'c') !== 'begin');
      }

      await successor(scene, next);
      await until('settled or in doubt', () => standing(scene, id, 'c'));
      expect(await standing(scene, id, 'c')).toBe(then);
      expect(scene.journal.of(id, 'c')).toMatch(journal instanceof RegExp ? journal : new RegExp(`^${journal}$`));
      if (then === 'in_doubt') {
        await scene.custody.session(id).resolve('c', 'succeeded', { reason: 'looked it up' });
      }
      expect(await answer).toMatchObject({ outcome: 'succeeded', attempts });
      const { fellSilent, begunAndSilent } = await judge(scene, id);
      expect(fellSilent).toContain('c/1');
      if (at !== 'before-mark') expect(begunAndSilent).toContain('c/1');
      expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 1 });
    },
  );
});

describe.concurrent('a worker killed', () => {
  test('L6, E3: read-only and idempotent calls are made again; several lost with one worker are one restart', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished);
    const first = await scene.worker();
    const id = await scene.session();
    const begun = (...callIds: string[]) =>
      until(`at the server: ${callIds}`, () =>
        callIds.every((callId) => scene.journal.of(id, callId).startsWith('begin')),
      );
    const old = scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'end' }, { callId: 'old' });
    await begun('old');
    await until('known by its heartbeat', () => beats(scene, id));
    const calls = [
      scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'end' }, { callId: 'r' }),
      scene.custody.session(id).call('journal.upsert', { key: 'k', value: 'v', gate: 'end' }, { callId: 'u' }),
      scene.custody.session(id).call('journal.append', { text: 'x', gate: 'end' }, { callId: 'a' }),
    ];
    await begun('r', 'u', 'a');
    await first.kill();
    await serverEnded(scene);
    scene.journal.open('end');
    await scene.worker();
    await until('in doubt', async () => (await standing(scene, id, 'a')) === 'in_doubt');
    await scene.custody.session(id).resolve('a', 'failed', { reason: 'it did not happen' });

    expect(await Promise.all([old, ...calls])).toMatchObject([
      { outcome: 'succeeded', attempts: 2 },
      { outcome: 'succeeded', attempts: 2 },
      { outcome: 'succeeded', attempts: 2 },
      { outcome: 'failed', attempts: 1, resolved: { reason: 'it did not happen' } },
    ]);
    expect(scene.journal.of(id, 'r')).toBe('begin begin end');
    expect(scene.journal.of(id, 'u')).toBe('begin begin end');
    expect((await judge(scene, id)).fellSilent.toSorted()).toEqual(['a/1', 'old/1', 'r/1', 'u/1']);
    expect(await scene.custody.session(id).describe()).toMatchObject({ restarts: 1 });
  });

  test('L6, L3: while idle, state and accepted commands stay; a signal sent meanwhile is obeyed by the next', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished);
    const first = await scene.worker();
    const id = await scene.session();
    await scene.custody.session(id).pause({ reason: 'before the kill', commandId: 'p' });
    expect(await first.kill()).toMatchObject({ signal: 'SIGKILL' });
    const handle = scene.custody.temporal.workflow.getHandle(id);
    const input = { actor: 'tester', reason: 'after the kill', commandId: 'r' };
    await handle.signal('resume', input);

    await scene.worker();
    const answer = await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
    expect(answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    const { entries } = await judge(scene, id);
    expect(entries.filter(({ kind }) => kind === 'command').map(({ text }) => text)).toEqual([
      'pause (update) reason: before the kill',
      'resume (signal) reason: after the kill',
    ]);
    expect(entries.filter(({ kind }) => kind === 'transition').map(({ text }) => text.split(':')[0])).toEqual([
      'INIT -> RUNNING',
      'RUNNING -> PAUSED (operator)',
      'PAUSED -> RESUMING',
      'RESUMING -> AUDIT',
      'AUDIT -> RUNNING',
    ]);
    expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 1 });
  });

  test('L4, L6: onRestart.restore: false pauses the session; after resume the interrupted call is made again', async ({
    onTestFinished,
  }) => {
    const scene = await sceneOf(onTestFinished, { profile: { onRestart: '{ restore: false }' } });
    const first = await scene.worker();
    const id = await scene.session();
    const answer = scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'end' }, { callId: 'c' });
    await until('at the server', () => scene.journal.of(id, 'c') === 'begin');
    await first.kill();
    await serverEnded(scene);
    scene.journal.open('end');
    await scene.worker();
    const paused = await until('paused', async () => {
      const view = await scene.custody.session(id).describe();
      return view.state === 'PAUSED' && view;
    });
    expect(paused).toMatchObject({ cause: 'restart', restarts: 1, openCalls: [{ callId: 'c', phase: 'queued' }] });
    await scene.custody.session(id).resume({ reason: 'looked at it' });
    expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    await judge(scene, id);
  });

  test('L6: in INIT, the session opens on the next worker', async ({ onTestFinished }) => {
    const scene = await sceneOf(onTestFinished);
    const id = await scene.start();
    const first = await scene.worker();
    await first.kill();
    await scene.worker();
    const answer = await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
    expect(answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    await judge(scene, id);
  });

  test('L6: how soon it is noticed, when another worker is there', async ({ onTestFinished }) => {
    const scene = await sceneOf(onTestFinished, { server: 'apart' });
    let worker = await scene.worker({ name: 'worker-0' });
    const id = await scene.session();
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const callId = `c${round}`;
      const answer = scene.custody.session(id).call('journal.append', { text: 'x', gate: 'never' }, { callId });
      await until('at the server', () => scene.journal.of(id, callId) === 'begin');
      const next = await scene.worker({ name: `worker-${round}` });
      const { at } = await worker.kill();
      worker = next;
      await until('in doubt', async () => (await standing(scene, id, callId)) === 'in_doubt');
      await scene.custody.session(id).resolve(callId, 'failed', { reason: 'not looked up' });
      expect(await answer).toMatchObject({ outcome: 'failed', attempts: 1 });
      const { asked, fellSilent } = await storyOf(scene.custody, id);
      expect(fellSilent, 'by its missing heartbeat').toContain(`${callId}/1`);
      seconds.push(((asked.get(callId) as number) - at) / 1000);
    }
    console.log(
      `From SIGKILL of a worker to the next step for its call: ${seconds.map((each) => each.toFixed(1)).join(', ')} s`,
    );
    expect(await scene.custody.session(id).describe()).toMatchObject({ restarts: ROUNDS });
  });
});

/** Waits until the server that was a child of a killed worker is gone: what it has not written yet, it never writes. */
const serverEnded = (scene: Scene): Promise<boolean> =>
  until('the server is gone', () => !isAlive(scene.journal.entries().at(-1)?.pid ?? 0));

/** Whether Temporal has had a heartbeat of a call of the session. */
async function beats(scene: Scene, id: string): Promise<boolean> {
  const { raw } = await scene.custody.temporal.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).some(({ heartbeatDetails }) => heartbeatDetails?.payloads?.length);
}
