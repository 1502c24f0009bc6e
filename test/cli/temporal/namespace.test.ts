import { Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareNamespace } from '../../../cli/temporal/namespace.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import { temporalAddress } from '../../support/temporal.ts';

const searchAttributes = Object.values(SEARCH_ATTRIBUTES);
let connection: Connection;

beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
});
afterAll(() => connection.close());

const retentionDays = async (namespace: string): Promise<number> => {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds) / (24 * 60 * 60);
};

test('U5: set-up makes a namespace that is not there, says so, and changes nothing the second time', async () => {
  const namespace = `setup-${randomUUID()}`;
  const needs = { namespace, searchAttributes, retentionDays: 30 };
  expect(await prepareNamespace(connection, needs)).toEqual([
    `namespace ${namespace} created, retention 30 days`,
    ...searchAttributes.map(({ name }) => expect.stringContaining(`search attribute ${name}`)),
  ]);
  expect(await prepareNamespace(connection, needs)).toEqual([]);
  expect(await retentionDays(namespace)).toBe(30);
});

test('U5: retention is raised where it is too short and never lowered', async () => {
  const namespace = `retention-${randomUUID()}`;
  const needs = { namespace, searchAttributes: [], retentionDays: 3 };
  await prepareNamespace(connection, needs);
  expect(await prepareNamespace(connection, { ...needs, retentionDays: 30 })).toEqual([
    `retention of namespace ${namespace} raised from 3 to 30 days`,
  ]);
  expect(await prepareNamespace(connection, { ...needs, retentionDays: 10 })).toEqual([]);
  expect(await retentionDays(namespace)).toBe(30);
});

test('two set-ups at once both succeed', async () => {
  const needs = { namespace: `twice-${randomUUID()}`, searchAttributes, retentionDays: 30 };
  await Promise.all([prepareNamespace(connection, needs), prepareNamespace(connection, needs)]);
});
