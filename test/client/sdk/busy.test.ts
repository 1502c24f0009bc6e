import { Metadata, status } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions } from '@temporalio/client';
import { expect, test } from 'vitest';
import { retryOptions } from '../../../client/sdk/busy.ts';

const busy = { code: status.RESOURCE_EXHAUSTED, details: 'Workflow is closing', metadata: new Metadata() };
const { delayFunction, retryableDecider } = retryOptions(0);

test('the SDK alone still waits more than a second where a session is busy for milliseconds', () => {
  expect(defaultGrpcRetryOptions({ maxJitter: 0 }).delayFunction(1, busy)).toBeGreaterThan(1000);
});

test('a session that is busy is asked again within 50 ms, a server that is busy after a second', () => {
  expect(delayFunction(1, busy)).toBeLessThan(50);
  expect(delayFunction(1, { ...busy, details: 'namespace rate limit exceeded' })).toBeGreaterThan(1000);
});

test('a session that stays busy is asked for half a minute', () => {
  let [waited, attempt] = [0, 1];
  while (retryableDecider(attempt, busy)) waited += delayFunction(attempt++, busy);
  expect(waited).toBeGreaterThan(25_000);
  expect(waited).toBeLessThan(60_000);
});
