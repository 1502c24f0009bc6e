import { expect, onTestFinished, test } from 'vitest';
import { NOTICES_TYPE, noticesId } from '../../../workflows/messages.ts';
import { eventually } from '../../support/harness.ts';
import { alertingAt, openPlace, spend } from '../../support/notices/place.ts';

test('C3, L8: over continue-as-new no notice is lost, and none overtakes another', async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const shares = Array.from({ length: 10 }, (_, index) => index + 1);
  const { harness, receiver, session } = await openPlace(onTestFinished, {
    answer: (_, nth) => (nth === 1 ? gate.then(() => 503) : 204),
    headers: { 'retry-after': '1' },
    harness: { profile: alertingAt(...shares) },
  });
  const { workflow } = harness.custody.temporal;
  const workflowId = noticesId(session.id);
  const { firstExecutionRunId } = await workflow.start(NOTICES_TYPE, {
    workflowId,
    taskQueue: harness.custody.taskQueue,
    args: [{ eventsPerRun: 30 }],
  });
  // One word of the session each; the first delivery hangs meanwhile.
  for (const _ of shares) await spend(session, 1);
  open();
  await eventually(() => receiver.ids.length === shares.length, 'all came');
  const numbers = receiver.received.map(({ event }) => event!.data.record);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  const { status } = await workflow.getHandle(workflowId, firstExecutionRunId).describe();
  expect(status.name).toBe('CONTINUED_AS_NEW');
  const listed = () => harness.custody.notices({ session: session.id });
  await eventually(
    async () => (await listed()).filter(({ state }) => state === 'delivered').length === shares.length,
    'all are listed as delivered',
  );
});
