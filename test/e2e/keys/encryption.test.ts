import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Custody } from '../../../client/index.ts';
import { newDeploymentKey, readingKeyOf } from '../../../keys/key.ts';
import { Harness, eventually } from '../../support/harness.ts';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { inClear } from './inClear.ts';

const key = newDeploymentKey();
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({
    worker: { deployment: { keys: [key], encryption: 'on' } },
    keys: [readingKeyOf(key)],
    profile: { session: { timeout: '1h' } },
  });
});
afterAll(() => harness?.stop());

const temporal = () => harness.custody.temporal;
const append = (id: string, callId: string, args = {}) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...args }, { callId });

describe('A6: with encryption on', () => {
  test('the history of a session shows no argument, result, label, reason or text of a failure', async () => {
    const { id } = await harness.custody.start(harness.spec({ labels: { team: 'shown-anyway' } }), {
      reason: 'reason-in-clear',
    });
    const session = harness.custody.session(id);
    await append(id, 'argument-in-clear');
    await session.call('journal.lookup', { key: 'argument-in-clear' });
    await session.record({ kind: 'decision', text: 'text-in-clear' });
    await session.pause({ reason: 'reason-in-clear' });
    await session.resume({ reason: 'reason-in-clear' });
    await session.checkpoint('cp', { reason: 'reason-in-clear' });
    await session.cancel({ reason: 'reason-in-clear' });
    await session.wait();
    const text = await inClear(temporal(), id);
    expect(text).not.toContain('in-clear');
    expect(text).toContain('Encoded failure');
    expect(text).toContain('team=shown-anyway');
    expect(await failedTasksOf(temporal(), id)).toEqual([]);
  });

  test('show, watch, list, fork and recover work as they do without', async () => {
    const id = await harness.running();
    await append(id, 'a');
    await harness.custody.session(id).checkpoint('here');
    await append(id, 'b');
    const session = harness.custody.session(id);
    expect(await session.describe()).toMatchObject({ calls: [{ callId: 'a' }, { callId: 'b' }] });
    const entries = [];
    for await (const entry of session.watch({ follow: false })) entries.push(entry);
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['started', 'attempt', 'outcome']));
    expect(entries.find(({ callId, kind }) => callId === 'b' && kind === 'attempt')).toMatchObject({
      data: { args: { text: 'b' } },
    });
    const fork = await session.fork({ at: 'here' });
    await harness.until(fork.id, ({ state }) => state === 'RUNNING');
    expect(await append(fork.id, 'c')).toMatchObject({ outcome: 'succeeded' });
    const ofFork = [];
    for await (const { kind } of fork.watch({ follow: false })) ofFork.push(kind);
    expect(ofFork).toContain('forked');
    await temporal().workflow.getHandle(id).terminate('by mistake');
    expect(await session.recover({ reason: 'not meant' })).toMatchObject({ calls: [{ callId: 'a' }, { callId: 'b' }] });
    await session.resume();
    expect(await append(id, 'd')).toMatchObject({ outcome: 'succeeded' });
    expect((await session.watch({ follow: false })[Symbol.asyncIterator]().next()).value).toMatchObject({
      kind: 'started',
    });
    const listed = [];
    for await (const each of harness.custody.list({ agent: 'tester' })) listed.push(each.id);
    expect(listed).toContain(id);
  });

  test('a failed session tells a client with a key why it failed', async () => {
    const { id } = await harness.custody.start(harness.spec({ servers: ['journal', 'nowhere'] }));
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'UNKNOWN_SERVER' });
    const last = [];
    for await (const entry of harness.custody.session(id).watch({ follow: false })) last.push(entry.text);
    expect(last.at(-1)).toContain('nowhere');
  });

  test('runs go over to the next one, and what they carry is not in clear', async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 40 } });
    for (let n = 0; n < 12; n += 1) await append(id, `carried-in-clear-${n}`);
    const { runs } = await harness.until(id, (view) => view.runs > 1);
    expect(runs).toBeGreaterThan(1);
    expect(await inClear(temporal(), id)).not.toContain('in-clear');
  });

  test('a client without the key is told so by code, and a plain signal pauses all the same', async () => {
    const id = await harness.running();
    const blind = await Custody.connect({ address: temporalAddress(), taskQueue: harness.custody.taskQueue, keys: [] });
    try {
      await expect(blind.session(id).describe()).rejects.toMatchObject({ code: 'KEY_MISSING' });
      await expect(blind.session(id).watch({ follow: false })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'KEY_MISSING',
      });
      const listed = [];
      for await (const each of blind.list({ agent: 'tester' })) listed.push(each);
      expect(listed.find((each) => each.id === id)).toMatchObject({ state: 'RUNNING', standing: null, reason: null });
      await blind.temporal.workflow.getHandle(id).signal('pause', { actor: 'ann', reason: 'by hand' });
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({ cause: 'operator' });
    } finally {
      await blind.close();
    }
  });

  test('what only looks sealed is refused on record, and keeps nobody from reading the session', async () => {
    const id = await harness.running();
    const key = Buffer.from('0123456789ab');
    await temporal().workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id },
      signalName: 'pause',
      input: {
        payloads: [
          { metadata: { encoding: Buffer.from('binary/encrypted'), 'custody-key': key }, data: Buffer.alloc(100) },
        ],
      },
    });
    const seen = async () => {
      const kinds = [];
      for await (const { kind } of harness.custody.session(id).watch({ follow: false })) kinds.push(kind);
      return kinds;
    };
    await eventually(async () => (await seen()).includes('refused'), 'the signal is refused on record');
    expect(await append(id, 'a')).toMatchObject({ outcome: 'succeeded' });
    expect(await failedTasksOf(temporal(), id)).toEqual([]);
  });

  test('a summary in any script leaves the task of the workflow in order', async () => {
    const id = await harness.running();
    expect(await append(id, 'long', { text: '漢'.repeat(200) })).toMatchObject({ outcome: 'succeeded' });
    expect(await failedTasksOf(temporal(), id)).toEqual([]);
  });
});
