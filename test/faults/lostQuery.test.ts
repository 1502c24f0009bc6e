import { expect, test } from 'vitest';
import { Custody } from '../../client/index.ts';
import { Harness } from '../support/harness.ts';
import { startLossyTemporal } from '../support/lossyTemporal.ts';
import { temporalAddress } from '../support/temporal.ts';

test('L6, A1: a question about a session that is lost on its way is asked again, and answered', async ({ onTestFinished }) => {
  const harness = await Harness.start();
  onTestFinished(() => harness.stop());
  const id = await harness.running();
  const lossy = await startLossyTemporal(temporalAddress(), 1);
  onTestFinished(() => lossy.stop());
  const custody = await Custody.connect({ address: lossy.address, taskQueue: harness.custody.taskQueue });
  onTestFinished(() => custody.close());
  expect(await custody.describe(id)).toMatchObject({ id, state: 'RUNNING' });
  expect(lossy.queries()).toBe(2);
});
