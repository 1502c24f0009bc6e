import { afterEach, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { Harness } from '../../support/harness.ts';

const RULES = `@id("never") @says("Never that.") forbid(principal, action == Action::"journal.upsert", resource)
  when { context.args.value == "never" };`;

const started: Harness[] = [];
const reviewed = async (reviews: object, rules?: string): Promise<Harness> => {
  const harness = await Harness.start({
    profile: { reviews },
    tools: { 'journal.append': { effect: 'irreversible', timeout: '2s' } },
    ...(rules === undefined ? {} : { rules }),
  });
  started.push(harness);
  return harness;
};
afterEach(async () => {
  for (const harness of started.splice(0)) await harness.stop();
});

const recordsOf = async (session: SessionHandle): Promise<string[]> => {
  const found: string[] = [];
  for await (const { kind, text, by } of session.watch({ follow: false })) found.push(`${kind}: ${text} (${by})`);
  return found;
};
const bob = (harness: Harness, id: string): SessionHandle => harness.custody.as('bob').session(id);

describe('P4: before a session ends', () => {
  test('rules review it by themselves, on record', async () => {
    const harness = await reviewed({});
    const session = harness.custody.session(await harness.running());
    await session.call('journal.append', { text: 'x' });
    await session.complete({ reason: 'done' });
    expect(await session.wait()).toMatchObject({ state: 'COMPLETED', reviews: { open: [], objections: 0 } });
    expect((await recordsOf(session)).filter((line) => line.startsWith('review'))).toEqual([
      'reviewed: session by 3 rules: passed (custody)',
      'reviewed: execution by 4 rules: passed (custody)',
      'reviewed: compliance by 5 rules: passed (custody)',
    ]);
  });

  test('a person does: it waits in AUDIT, is found, and passes once somebody else has looked', async () => {
    const harness = await reviewed({ compliance: 'person' });
    const session = harness.custody.session(await harness.running());
    const isOver = session.wait();
    expect(await session.complete({ reason: 'done' })).toMatchObject({ ok: true });
    const waits = await harness.until(session.id, ({ reviews }) => (reviews?.open.length ?? 0) > 0);
    expect(waits).toMatchObject({
      state: 'AUDIT',
      approvals: [],
      reviews: { open: [{ id: 'a1', review: 'compliance', requester: 'tester', isOverdue: false, findings: [] }] },
    });
    const found = () => harness.custody.as('bob').reviews({ mine: true });
    await expect
      .poll(async () => (await found()).reviews.map((each) => each.session), { timeout: 20_000 })
      .toContain(session.id);
    expect((await harness.custody.reviews({ sessions: [session.id], mine: true })).reviews).toEqual([]);
    expect((await harness.custody.reviews({ sessions: [session.id], overdue: true })).reviews).toEqual([]);
    expect((await harness.custody.approvals()).approvals.filter((each) => each.session === session.id)).toEqual([]);
    await expect(session.reviews.done('a1', 'fine')).rejects.toMatchObject({ code: 'APPROVAL_OWN' });
    await bob(harness, session.id).reviews.done('a1', 'read all of it', { objection: true });
    expect(await isOver).toMatchObject({
      state: 'COMPLETED',
      reason: 'done',
      reviews: {
        objections: 1,
        done: [{}, {}, { by: 'bob', verdict: 'objection', said: [{ text: 'read all of it' }] }],
      },
    });
    const records = await recordsOf(session);
    expect(records).toContain('reviewed: compliance a1 (1 of 1): objection: read all of it (bob)');
    expect(records.find((line) => line.startsWith('review-asked'))).toMatch(
      /^review-asked: a1: compliance review by 1 person, due 2.*: it is about to end as COMPLETED: done \(tester\)$/,
    );
    expect(records.find((line) => line.includes('AUDIT -> COMPLETED'))).toContain('with 1 objection in reviews');
  });
});

describe('P4: an extra review', () => {
  test('after a loss is done by a person where rules find something, before work goes on', async () => {
    const harness = await reviewed({ extra: 'findings' });
    const id = await harness.running();
    const session = harness.custody.session(id);
    session.call('journal.append', { text: 'x', gate: 'g' }, { callId: 'a' }).catch(() => undefined);
    await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'in_doubt');
    await harness.custody.temporal.workflow.getHandle(id).terminate('pressed the wrong button');
    await session.recover({ reason: 'by mistake' });
    const asks = await harness.until(id, ({ reviews }) => (reviews?.open.length ?? 0) > 0, 'somebody is asked');
    expect(asks.reviews?.open).toMatchObject([
      { review: 'extra', causes: ['restart'], findings: [{ rule: 'execution/nothing-in-doubt' }] },
    ]);
    await session.resume({ reason: 'go on' });
    await harness.until(id, ({ state }) => state === 'AUDIT');
    await bob(harness, id).reviews.done('a1', 'the entry is there');
    await session.resolve('a', 'succeeded', { reason: 'it is there' });
    expect(await harness.until(id, ({ state }) => state === 'RUNNING')).toMatchObject({ reviews: { open: [] } });
    await session.cancel();
  });

  test('of a denied call is done while it runs; an objection stops it until it is resumed', async () => {
    const harness = await reviewed({ extra: 'person' }, RULES);
    const id = await harness.running();
    const session = harness.custody.session(id);
    expect(await session.call('journal.upsert', { key: 'a', value: 'never' })).toMatchObject({ outcome: 'refused' });
    const asks = await harness.until(id, ({ reviews }) => (reviews?.open.length ?? 0) > 0, 'somebody is asked');
    expect(asks).toMatchObject({ state: 'RUNNING', reviews: { open: [{ causes: ['violations'] }] } });
    expect(await session.call('journal.upsert', { key: 'a', value: 'b' })).toMatchObject({ outcome: 'succeeded' });
    await bob(harness, id).reviews.done('a1', 'what was it after?', { objection: true });
    expect(await session.describe()).toMatchObject({
      state: 'PAUSED',
      cause: 'review',
      reason: 'bob objects in the review a1: what was it after?',
    });
    await session.resume({ reason: 'asked and answered' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await session.complete();
    expect(await session.wait()).toMatchObject({ state: 'COMPLETED', reviews: { objections: 1 } });
  });
});
