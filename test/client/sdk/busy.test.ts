import { status } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions } from '@temporalio/client';
import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { initialBackoff } from '../../../client/sdk/busy.ts';

const busy = { code: status.RESOURCE_EXHAUSTED, details: 'Workflow is closing', metadata: new Metadata() };

test('the SDK alone still waits more than a second where a session is busy for milliseconds', () => {
  expect(defaultGrpcRetryOptions({ maxJitter: 0 }).delayFunction(1, busy)).toBeGreaterThan(1000);
});

test('a session that is busy is asked again within 50 ms, a server that is busy after a second', () => {
  const { delayFunction } = defaultGrpcRetryOptions({ maxJitter: 0, initialIntervalMs: initialBackoff });
  expect(delayFunction(1, busy)).toBeLessThan(50);
  expect(delayFunction(1, { ...busy, details: 'namespace rate limit exceeded' })).toBeGreaterThan(1000);
});
