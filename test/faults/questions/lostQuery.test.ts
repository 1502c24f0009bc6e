import { expect, test } from 'vitest';
import { Custody } from '../../../client/index.ts';
import { Harness } from '../../support/harness.ts';
import { startLossyTemporal } from '../../support/lossyTemporal.ts';
import { temporalAddress } from '../../support/temporal.ts';

test.concurrent.each([
  ['is never answered', undefined],
  ['is cancelled when its time is up', 14_500],
  ['is cancelled because the worker that took it stops', 0],
])('L6, A1: a question about a session that %s is asked again, and answered', async (_, resetAfter) => {
  const harness = await Harness.start();
  const lossy = await startLossyTemporal(temporalAddress(), resetAfter);
  const custody = await Custody.connect({ address: lossy.address, taskQueue: harness.custody.taskQueue });
  try {
    const id = await harness.running();
    expect(await custody.session(id).describe()).toMatchObject({ id, state: 'RUNNING' });
    expect(lossy.queries()).toBe(2);
  } finally {
    await custody.close();
    lossy.stop();
    await harness.stop();
  }
});
