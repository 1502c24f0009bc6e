import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';
import { judge } from '../support/judge.ts';
import { isListening } from '../support/processes/listening.ts';
import { Scene } from '../support/scene.ts';
import { startOwnTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

/** The length of the outage is the fault under test: calls that nobody hears of for longer than their heartbeat. */
const AWAY = 30_000;
const GATES = ['early', 'late', 'after'] as const;

test('L6: Temporal is away for 30 s: calls that end meanwhile keep their outcomes, none is made twice', async ({
  onTestFinished,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-away-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = { port: await freePort(), dbFilename: join(folder, 'temporal.db') };
  const first = await startOwnTemporal(options);
  onTestFinished(() => first.stop());
  const scene = await Scene.open({ address: first.address });
  onTestFinished(() => scene.close());
  const worker = await scene.worker();
  const id = await scene.session();
  await scene.custody.session(id).pause({ reason: 'accepted before the fault' });
  await scene.custody.session(id).resume({ reason: 'accepted before the fault' });

  const calls = Promise.allSettled(
    GATES.flatMap((gate) => [
      scene.custody.session(id).call('journal.append', { text: gate, gate }, { callId: `append-${gate}` }),
      scene.custody.session(id).call('journal.lookup', { key: gate, gate }, { callId: `lookup-${gate}` }),
    ]),
  );
  const idsOf = (gate: string) => [`append-${gate}`, `lookup-${gate}`];
  const ids = GATES.flatMap(idsOf);
  const end = (gate: (typeof GATES)[number]) => {
    scene.journal.open(gate);
    return until(`ended: ${gate}`, () => idsOf(gate).every((callId) => scene.journal.of(id, callId) === 'begin end'));
  };
  await until(
    'all at the server, and known by a heartbeat',
    async () =>
      ids.every((callId) => scene.journal.of(id, callId) === 'begin') && (await beating(scene, id)) === ids.length,
  );
  process.kill(-(first.pid as number), 'SIGKILL');
  await until('away', async () => !(await isListening(options.port)));
  await end('early');
  await delay(AWAY);
  await end('late');
  expect(await isListening(options.port)).toBe(false);

  const second = await startOwnTemporal(options);
  onTestFinished(() => second.stop());
  await end('after');
  expect(await calls).toMatchObject(ids.map((callId) => ({ value: { callId, outcome: 'succeeded', attempts: 1 } })));
  expect(ids.map((callId) => scene.journal.of(id, callId))).toEqual(ids.map(() => 'begin end'));
  const { entries, fellSilent } = await judge(scene, id);
  // Of the others, Temporal hears again in time where the worker's next word precedes its own look at what is overdue.
  expect(fellSilent, 'Temporal did not hear of their ends').toEqual(
    expect.arrayContaining(idsOf('early').map((callId) => `${callId}/1`)),
  );
  expect(ids.map((callId) => `${callId}/1`)).toEqual(expect.arrayContaining([...fellSilent]));
  expect(
    entries.filter(({ kind, text }) => kind === 'command' && text.includes('accepted before the fault')),
  ).toHaveLength(2);
  expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 0, openCalls: [] });
  expect(await worker.stop()).toMatchObject({ code: 0 });
});

/** How many calls of the session Temporal has had a heartbeat of. */
async function beating(scene: Scene, id: string): Promise<number> {
  const { raw } = await scene.custody.temporal.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).filter(({ heartbeatDetails }) => heartbeatDetails?.payloads?.length).length;
}
