import { randomUUID } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeOne } from '../../../audit/history.ts';
import { newDeploymentKey } from '../../../keys/key.ts';
import { ASKER } from '../../../protocol/values/unproven.ts';
import { Harness, eventually } from '../../support/harness.ts';
import { copied, type Rogue, startRogue } from './rogue.ts';

let [harness, rogue] = [undefined as unknown as Harness, undefined as unknown as Rogue];
beforeAll(async () => {
  [harness, rogue] = await Promise.all([
    Harness.start({ worker: { deployment: { keys: [newDeploymentKey()] } } }),
    startRogue(),
  ]);
});
afterAll(() => Promise.all([harness?.stop(), rogue?.stop()]));

const append = (id: string, callId: string, args = {}) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...args }, { callId });

/** The input of an activity of a session, as its history has it. */
async function inputOf(id: string, activity: string): Promise<Payload> {
  const { events } = await harness.custody.temporal.workflow.getHandle(id).fetchHistory();
  const scheduled = events?.find((each) => each.activityTaskScheduledEventAttributes?.activityType?.name === activity);
  return scheduled!.activityTaskScheduledEventAttributes!.input!.payloads![0]!;
}

const wanted = (activity: string, input: unknown) => ({ activity, taskQueue: harness.custody.taskQueue, input });
const begun = (): number => harness.journal().filter(({ phase }) => phase === 'begin').length;

describe('P6: a workflow that is none of the deployment makes no worker act', () => {
  test.each([
    'callTool',
    'openServer',
    'closeSession',
    'holdsLease',
    'recallOutcome',
    'readUndoPage',
    'loadProfile',
    'passOn',
    'deliver',
  ])('%s with an input of its own, under any id', async (activity) => {
    const id = await harness.running();
    await append(id, 'a');
    const before = begun();
    const intent = decodeOne(await inputOf(id, 'callTool')) as Record<string, unknown>;
    const own = `rogue-${randomUUID()}`;
    for (const input of [
      { ...intent, sessionId: own, callId: 'b', args: { text: 'b' }, effect: 'read-only' },
      { ...intent, sessionId: own, server: 'journal', lease: undefined, [ASKER]: { activity } },
      { sessionId: own, server: 'journal', profile: 'standard', overrides: {}, servers: [] },
    ])
      expect(await rogue.run('rogue', wanted(activity, input), own)).toBe('NOT_AUTHENTICATED');
    expect(begun()).toBe(before);
  });

  test.each(['callTool', 'openServer', 'loadProfile'])(
    '%s with an input that is copied from a session',
    async (kind) => {
      const id = await harness.running();
      await append(id, 'a');
      const before = begun();
      const input = copied(await inputOf(id, kind));
      expect(await rogue.run('rogue', wanted(kind, input))).toBe('NOT_AUTHENTICATED');
      expect(begun()).toBe(before);
    },
  );

  test.each(['callTool', 'openServer', 'loadProfile'])(
    '%s with the input of a session that has ended, under the id of that session',
    async (kind) => {
      const id = await harness.running();
      await append(id, 'a');
      const input = copied(await inputOf(id, kind));
      await harness.custody.session(id).complete();
      await harness.custody.session(id).wait();
      const before = begun();
      expect(await rogue.run('rogue', wanted(kind, input), id)).toBe('NOT_AUTHENTICATED');
      expect(begun()).toBe(before);
    },
  );

  test('an input that was made for one activity is good for no other', async () => {
    const id = await harness.running();
    const input = copied(await inputOf(id, 'openServer'));
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    for (const activity of ['closeSession', 'callTool', 'readParent'])
      expect(await rogue.run('rogue', wanted(activity, input), id)).toBe('NOT_AUTHENTICATED');
  });

  test('nor does an ordinary session come to harm by it', async () => {
    const id = await harness.running();
    const worker = `${harness.custody.taskQueue}/tester`;
    for (const activity of ['closeSession', 'openServer', 'callTool'])
      expect(await rogue.run('rogue', { activity, taskQueue: worker, input: { sessionId: id } })).toBe(
        'NOT_AUTHENTICATED',
      );
    expect(await append(id, 'a')).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('P6: a state that no session of the deployment wrote', () => {
  const forged = async (of: string, id: string): Promise<object> => {
    const carried = (await harness.custody.temporal.workflow.getHandle(of).query('carried')) as { session: object };
    return { ...carried, session: { ...carried.session, id } };
  };

  test('is not gone on with where a workflow hands it over', async () => {
    const id = `handed-${randomUUID()}`;
    const carried = await forged(await harness.running(), id);
    const { taskQueue } = harness.custody;
    await expect(rogue.run('handover', { taskQueue, carried }, id)).rejects.toMatchObject({
      cause: { type: 'NOT_AUTHENTICATED' },
    });
  });

  test('is not forked from where a workflow says that it is its own', async () => {
    const parent = `parent-${randomUUID()}`;
    const real = await harness.running();
    await harness.custody.session(real).checkpoint('here');
    const { client, taskQueue } = rogue;
    const handle = await client.workflow.start('custodySession', {
      taskQueue,
      workflowId: parent,
      args: [await forged(real, parent)],
    });
    await expect(harness.custody.session(parent).fork({ at: 'here' })).rejects.toMatchObject({
      code: 'NOT_AUTHENTICATED',
    });
    await handle.signal('end');
  });
});

describe('P6: somebody who completes the activities of a session in the place of its worker', () => {
  test('does not give a call its answer: it may have been sent, and is in doubt', async () => {
    const id = await harness.running();
    void append(id, 'slow', { gate: 'never' }).catch(() => undefined);
    await eventually(() => harness.journal().some(({ args }) => args.text === 'slow'), 'the call is at the server');
    const activityId = await pendingActivity(id);
    await harness.custody.temporal.workflowService.respondActivityTaskCompletedById({
      namespace: 'default',
      workflowId: id,
      activityId,
      result: { payloads: [asJson({ kind: 'succeeded', result: { content: [] } })] },
    });
    const view = await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'in_doubt');
    expect(JSON.stringify(view.openCalls)).toContain('NOT_AUTHENTICATED');
    harness.open('never');
    await harness.custody.session(id).resolve('slow', 'succeeded', { reason: 'looked' });
    expect(await append(id, 'next')).toMatchObject({ outcome: 'succeeded' });
  });

  test('does not make it not sent either', async () => {
    const id = await harness.running();
    void append(id, 'slow-2', { gate: 'never-2' }).catch(() => undefined);
    await eventually(() => harness.journal().some(({ args }) => args.text === 'slow-2'), 'the call is at the server');
    await harness.custody.temporal.workflowService.respondActivityTaskFailedById({
      namespace: 'default',
      workflowId: id,
      activityId: await pendingActivity(id),
      failure: {
        message: 'not sent',
        applicationFailureInfo: {
          type: 'WORKER_LOST',
          nonRetryable: true,
          details: { payloads: [asJson({ kind: 'not_sent', code: 'WORKER_LOST', message: 'it never left' })] },
        },
      },
    });
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'in_doubt');
    harness.open('never-2');
  });
});

test('P6: a plain signal without any key still pauses a session', async () => {
  const id = await harness.running();
  await rogue.client.workflow.getHandle(id).signal('pause', { actor: 'ann', reason: 'by hand' });
  expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({ cause: 'operator' });
});

async function pendingActivity(id: string): Promise<string> {
  const { raw } = await harness.custody.temporal.workflow.getHandle(id).describe();
  return raw.pendingActivities![0]!.activityId!;
}

const asJson = (value: unknown): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(value)),
});
