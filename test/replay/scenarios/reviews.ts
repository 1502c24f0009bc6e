import { running, type Scenarios } from './running.ts';

export const REVIEWS: Scenarios = {
  /** An extra review of a denied call, with an objection that pauses; at the end one by rules, and two by a person. */
  reviewed: async (harness) => {
    const reviews = { execution: 'person', compliance: 'person', extra: 'person' };
    const id = await running(harness, { overrides: { reviews } });
    const session = harness.custody.session(id);
    const others = harness.custody.as('bob').session(id).reviews;
    const asked = (review: string) =>
      harness.until(id, (view) => view.reviews?.open.some((each) => each.id === review) === true);
    await session.call('journal.upsert', { key: 'a', value: 'never' }, { callId: 'never' });
    await asked('a1');
    await others.done('a1', 'what was it after?', { objection: true });
    await session.resume({ reason: 'asked and answered' });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await session.complete({ reason: 'done' });
    await asked('a3');
    await others.done('a2', 'every call was answered');
    await others.done('a3', 'one call was denied, and that was right');
    await session.wait();
    return id;
  },
};
