import { expect, onTestFinished, test } from 'vitest';
import { eventually, Harness } from '../../support/harness.ts';
import { alertingAt, openPlace, type PlaceOptions, reaching, spend } from '../../support/notices/place.ts';
import { Receiver } from '../../support/notices/receiver.ts';

const place = (options: PlaceOptions = {}) => openPlace(onTestFinished, options);

test('C3: notify really notifies: signed CloudEvents, in order, and the end of the session among them', async () => {
  const { harness, receiver, session } = await place();
  await spend(session, 25);
  await session.complete({ reason: 'all is done' });
  await session.wait();
  await eventually(() => receiver.ids.length === 3, 'three notices came');
  expect(receiver.received.map(({ event }) => event)).toMatchObject([
    { type: 'io.custody.notify', data: { text: '25 USD are spent, 10 % or more of the budget of 100 USD' } },
    { type: 'io.custody.notify', data: { text: '25 USD are spent, 20 % or more of the budget of 100 USD' } },
    {
      specversion: '1.0',
      type: 'io.custody.ended',
      source: `/custody/default/sessions/${session.id}`,
      subject: session.id,
      data: { session: session.id, agent: 'tester@1.0.0', profile: 'standard', details: { to: 'COMPLETED' } },
    },
  ]);
  for (const { id, event, headers } of receiver.received) {
    expect(id).toBe(`${session.id}/${event!.data.record}`);
    expect(event!.id).toBe(id);
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
  }
  const list = () => harness.custody.notices({ session: session.id });
  await eventually(async () => (await list()).filter(({ state }) => state === 'delivered').length === 3, 'all listed');
});

test('C3: a receiver that fails is tried again, in order, under the same id; others do not wait for it', async () => {
  const other = await Receiver.start();
  onTestFinished(() => other.stop());
  // It says itself how soon it wants to be asked again.
  const { harness, receiver, session } = await place({
    answer: (_, nth) => (nth <= 2 ? 503 : 200),
    headers: { 'retry-after': '1' },
    more: { quick: reaching(other) },
  });
  await spend(session, 35);
  await eventually(() => other.ids.length === 3, 'the other has all');
  await eventually(() => receiver.ids.length === 3, 'three notices came');
  expect(receiver.received.map(({ id }) => id)).toEqual([receiver.ids[0], receiver.ids[0], ...receiver.ids]);
  expect(receiver.received.every(({ event }) => event)).toBe(true);
  expect(other.received.map(({ id }) => id)).toEqual(receiver.ids);
  expect(await session.describe()).toMatchObject({ state: 'RUNNING' });
  await harness.stopWorker();
});

test('C3: what a receiver refuses is a dead letter, listed without a worker, and the next follows', async () => {
  const { harness, receiver, session } = await place({ answer: (_, nth) => (nth === 1 ? 403 : 200) });
  await spend(session, 25);
  await eventually(() => receiver.ids.length === 2, 'the next came, too');
  const list = () => harness.custody.notices({ session: session.id });
  // Without its worker the receiver's answer to the second could not be told any more.
  await eventually(
    async () => (await list()).filter(({ state }) => state !== 'waiting').length === 2,
    'both are settled',
  );
  await harness.stopWorker();
  expect(await list()).toMatchObject([
    { session: session.id, to: 'ops', state: 'failed', code: 'NOTICE_REFUSED', why: 'It answered 403: not now.' },
    { session: session.id, to: 'ops', state: 'delivered', code: null },
  ]);
  expect(await harness.custody.notices({ session: session.id, failed: true })).toHaveLength(1);
  expect(await harness.custody.notices({ session: 'another' })).toEqual([]);
});

test('C3: what waits is listed with what its last try failed of', async () => {
  const { harness, session } = await place({ answer: () => 500 });
  await spend(session, 15);
  await eventually(
    async () => (await harness.custody.notices({ session: session.id })).some(({ attempts }) => attempts > 0),
    'it was tried',
  );
  await eventually(
    async () => (await harness.custody.notices({ session: session.id }))[0]?.why,
    'what it failed of is known',
  );
  const [waiting] = await harness.custody.notices({ session: session.id });
  expect(waiting).toMatchObject({ state: 'waiting', why: 'It answered 500: not now.', settledAt: null });
});

test('C3: nobody who wants notices, no activity and no workflow', async () => {
  const harness = await Harness.start({ profile: alertingAt(10, 20) });
  onTestFinished(() => harness.stop());
  const session = harness.custody.session(await harness.running());
  await spend(session, 25);
  await session.complete({ reason: 'done' });
  await session.wait();
  const { events } = await harness.custody.temporal.workflow.getHandle(session.id).fetchHistory();
  const activities = events?.flatMap((each) => each.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
  expect(activities).not.toContain('passOn');
  expect(await harness.custody.notices({ session: session.id })).toEqual([]);
});
