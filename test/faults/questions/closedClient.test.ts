import { expect, test } from 'vitest';
import { Custody } from '../../../client/index.ts';
import { startLossyTemporal } from '../../support/lossyTemporal.ts';
import { temporalAddress } from '../../support/temporal.ts';

test('A1: a client that is closed while Temporal is away ends the questions that it has under way', async () => {
  const temporal = await startLossyTemporal(temporalAddress());
  const custody = await Custody.connect({ address: temporal.address });
  temporal.stop();
  const asked = custody.describe('a-session').catch((error: unknown) => error);
  await custody.close();
  expect(await asked).toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
});
