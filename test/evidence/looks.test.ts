import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ActivityDeps } from '../../activities/deps.ts';
import { eventsAfter, eventsOf } from '../../client/temporal/history.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import { sealId } from '../../workflows/messages.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';

let isLogDown = false;
/** A worker that cannot reach the workflow of the log of the namespace for as long as `isLogDown`. */
const wrap = (deps: ActivityDeps): ActivityDeps => ({
  ...deps,
  evidence: {
    ...deps.evidence,
    list: (leaves) => (isLogDown ? Promise.reject(new Error('It does not answer.')) : deps.evidence.list(leaves)),
  },
});

let harness: Harness;
beforeAll(async () => {
  const { skey } = await signingKey();
  harness = await Harness.start({
    config: { evidence: EVIDENCE },
    files: { 'evidence.key': skey },
    worker: { wrap },
  });
});
afterAll(() => harness?.stop());

const handle = (id: string) => harness.custody.temporal.workflow.getHandle(sealId(id));
const append = (id: string, callId: string) =>
  harness.custody.session(id).call('journal.append', { text: callId }, { callId });

/** The session is whole in its evidence, and every record is derived again from the histories of its runs. */
async function expectWhole(id: string): Promise<void> {
  const { size, isWhole, failing } = (await handle(id).result()) as Sealed;
  const { isSound, counts, opened, derived } = await verified(harness, id);
  expect({ isWhole, failing, isSound, counts, opened, derived }).toEqual({
    isWhole: true,
    failing: undefined,
    isSound: true,
    counts: { UNWITNESSED: 1 },
    opened: size,
    derived: size,
  });
  let records = 0;
  for await (const _ of harness.custody.evidence.records(id)) records += 1;
  expect(size).toBe(records);
}

describe('A4: looks', () => {
  test('begin a minute after the first activity, or as soon as a session is over', async () => {
    const id = await harness.running();
    const { events } = await eventually(
      () =>
        handle(id)
          .fetchHistory()
          .catch(() => undefined),
      'sealing is begun',
    );
    const { firstWorkflowTaskBackoff } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    expect(Number(firstWorkflowTaskBackoff?.seconds)).toBe(60);
    expect(events?.filter((event) => event.workflowTaskScheduledEventAttributes)).toEqual([]);
    await harness.custody.session(id).complete({ reason: 'done' });
    await expectWhole(id);
    const { events: all = [] } = await handle(id).fetchHistory();
    const task = all?.find((event) => event.workflowTaskScheduledEventAttributes);
    expect(Number(task?.eventTime?.seconds) - Number(all?.[0]?.eventTime?.seconds)).toBeLessThan(60);
  });

  test('take two workflow tasks and one activity each', async () => {
    const id = await harness.running();
    await harness.custody.session(id).complete({ reason: 'done' });
    await handle(id).result();
    const { events = [] } = await handle(id).fetchHistory();
    const looks = events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
    const tasks = events?.filter((event) => event.workflowTaskCompletedEventAttributes) ?? [];
    expect(looks.length).toBeGreaterThan(0);
    expect(tasks).toHaveLength(2 * looks.length);
  });

  test('of a session that the log of the namespace cannot be told of say so, and go on until it is', async () => {
    const id = await harness.running();
    isLogDown = true;
    onTestFinished(() => void (isLogDown = false));
    const memo = async () => (await handle(id).describe()).memo?.sealed as Sealed | undefined;
    await harness.custody.session(id).complete({ reason: 'done' });
    await harness.until(id, ({ state }) => state === 'COMPLETED');
    const { size, isWhole } = await harness.custody.evidence.seal(id);
    expect([size > 0, isWhole]).toEqual([true, true]);
    const { unlisted } = await eventually(memo, 'the memo is there');
    expect(unlisted).toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('does not answer') });
    isLogDown = false;
    await harness.custody.evidence.seal(id);
    await expectWhole(id);
    expect(await memo()).not.toHaveProperty('unlisted');
  });

  test('read of a run that goes on what is new, and little more', async () => {
    const id = await harness.running();
    for (let index = 0; index < 20; index += 1) await append(id, `c${index}`);
    const { temporal } = harness.custody;
    const { runId } = await temporal.workflow.getHandle(id).describe();
    const all = [];
    for await (const event of eventsOf(temporal, id, runId, false)) all.push(Number(event.eventId));
    const fetched: number[] = [];
    const workflowService = {
      getWorkflowExecutionHistory: () => Promise.reject(new Error('It is not read from its beginning.')),
      async getWorkflowExecutionHistoryReverse(request: object) {
        const page = await temporal.workflowService.getWorkflowExecutionHistoryReverse(request);
        fetched.push(...(page.history?.events ?? []).map(({ eventId }) => Number(eventId)));
        return page;
      },
    };
    const { options } = temporal;
    for (const news of [0, 1, 10, 90]) {
      fetched.length = 0;
      const known = all.at(-1 - news)!;
      const found = await eventsAfter({ workflowService, options } as never, id, runId, known);
      expect(found.map(({ eventId }) => Number(eventId))).toEqual(all.slice(all.length - news));
      expect(fetched.length, `${news} new of ${all.length}`).toBeLessThanOrEqual(2 * news + 48);
    }
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });
});

describe('A4: a session is sealed as it goes', () => {
  test('that is a fork', async () => {
    const id = await harness.running();
    await append(id, 'a');
    await harness.custody.temporal.workflow
      .getHandle(id)
      .executeUpdate('checkpoint', { args: [{ actor: 'tester', name: 'one' }] });
    const { id: fork } = await harness.custody.session(id).fork({ at: 'one', id: `${id}-x`, reason: 'try' });
    await harness.until(fork, ({ state }) => state === 'RUNNING');
    await append(fork, 'b');
    expect(await harness.custody.evidence.seal(fork)).not.toHaveProperty('failing');
    for (const each of [fork, id]) {
      await append(each, 'c');
      await harness.custody.session(each).complete({ reason: 'done' });
      await expectWhole(each);
    }
  });

  test('and goes on once it was terminated and recovered', async () => {
    const id = await harness.running();
    await append(id, 'a');
    const before = await harness.custody.evidence.seal(id);
    await harness.custody.temporal.workflow.getHandle(id).terminate('pressed the wrong button');
    await harness.custody.session(id).recover({ reason: 'by mistake' });
    await harness.custody.session(id).resume({ reason: 'it is well' });
    await append(id, 'b');
    await harness.custody.session(id).complete({ reason: 'done' });
    await harness.until(id, ({ state }) => state === 'COMPLETED');
    const after = await harness.custody.evidence.seal(id);
    expect(after.size).toBeGreaterThan(before.size);
    await expectWhole(id);
  });

  test('by no worker that has another key of it', async () => {
    const id = await harness.running();
    await append(id, 'a');
    const { size } = await harness.custody.evidence.seal(id);
    await harness.stopWorker();
    const config = JSON.parse(await readFile(join(harness.dir, 'custody.yaml'), 'utf8')) as object;
    await harness.write('custody.yaml', { ...config, evidence: { ...EVIDENCE, keys: './other-keys' } });
    await harness.startWorker();
    await append(id, 'b');
    expect(await harness.custody.evidence.seal(id)).toMatchObject({ size, failing: { code: 'EVIDENCE_KEY_DIFFERS' } });
    await harness.stopWorker();
    await harness.configure({});
    await harness.startWorker();
    expect((await harness.custody.evidence.seal(id)).size).toBeGreaterThan(size);
    expect(await verified(harness, id)).toMatchObject({ isSound: true });
    await harness.custody.session(id).cancel({ reason: 'enough' });
  });
});
