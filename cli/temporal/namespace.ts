import { isGrpcServiceError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';
import { setTimeout as delay } from 'node:timers/promises';
import { CustodyError } from '../../protocol/errors.ts';

const { google, temporal } = proto;
const { IndexedValueType } = temporal.api.enums.v1;

/** Search attributes, as `defineSearchAttributeKey` makes them. */
export type SearchAttributes = readonly { readonly name: string; readonly type: SearchAttributeType }[];

export interface NamespaceNeeds {
  readonly namespace: string;
  readonly searchAttributes: SearchAttributes;
  /** Retention is raised to this many days where it is below, and never lowered. */
  readonly retentionDays: number;
}

const DAY_SECONDS = 24 * 60 * 60;
/** gRPC status codes, https://grpc.io/docs/guides/status-codes/ */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

const hasCode = (error: unknown, ...codes: number[]): boolean =>
  isGrpcServiceError(error) && codes.includes(error.code);

/**
 * Gives a namespace what Custody needs of it: that it exists, its retention and its search attributes; then waits until
 * they can be used. It changes nothing that is as it should be, so it may run any number of times, and several at once.
 *
 * @returns what it changed, one sentence each.
 * @throws CustodyError SETUP_MISSING when what was set up cannot be used after `limit` milliseconds; whatever the
 * server answers otherwise.
 */
export async function prepareNamespace(
  connection: Connection,
  needs: NamespaceNeeds,
  limit = 60_000,
): Promise<string[]> {
  const giveUpAt = performance.now() + limit;
  return [
    ...(await ensureNamespace(connection, needs)),
    // The parts of the server learn of a new namespace, and of new attributes, one after the other.
    ...(await eventually(() => ensureSearchAttributes(connection, needs), needs, giveUpAt)),
    ...(await eventually(() => useThemAll(connection, needs), needs, giveUpAt)),
  ];
}

async function ensureNamespace(
  { workflowService }: Connection,
  { namespace, retentionDays }: NamespaceNeeds,
): Promise<string[]> {
  const wanted = google.protobuf.Duration.fromObject({ seconds: retentionDays * DAY_SECONDS });
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    if (seconds >= retentionDays * DAY_SECONDS) return [];
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: wanted } });
    return [`retention of namespace ${namespace} raised from ${seconds / DAY_SECONDS} to ${retentionDays} days`];
  } catch (error) {
    if (!hasCode(error, NOT_FOUND)) throw error;
  }
  try {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: wanted });
  } catch (error) {
    if (!hasCode(error, ALREADY_EXISTS)) throw error;
  }
  return [`namespace ${namespace} created, retention ${retentionDays} days`];
}

async function ensureSearchAttributes(
  { operatorService }: Connection,
  { namespace, searchAttributes }: NamespaceNeeds,
): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter(({ name }) => !Object.hasOwn(customAttributes, name));
  if (missing.length === 0) return [];
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(
        missing.map(({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]),
      ),
    });
  } catch (error) {
    if (!hasCode(error, ALREADY_EXISTS)) throw error;
  }
  return missing.map(({ name, type }) => `search attribute ${name} (${type}) added to namespace ${namespace}`);
}

/** A query that names every attribute is refused until visibility knows the namespace and all of them. */
async function useThemAll(
  { workflowService }: Connection,
  { namespace, searchAttributes }: NamespaceNeeds,
): Promise<[]> {
  const query = searchAttributes.map(({ name }) => `${name} IS NOT NULL`).join(' AND ');
  await workflowService.countWorkflowExecutions({ namespace, query });
  return [];
}

async function eventually<T>(attempt: () => Promise<T>, { namespace }: NamespaceNeeds, giveUpAt: number): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!hasCode(error, NOT_FOUND, INVALID_ARGUMENT)) throw error;
      if (performance.now() > giveUpAt) {
        throw new CustodyError(
          'SETUP_MISSING',
          `Namespace ${namespace} was set up but cannot be used: ${(error as Error).message}`,
          { cause: error },
        );
      }
      await delay(100);
    }
  }
}
