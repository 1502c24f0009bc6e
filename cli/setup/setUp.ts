import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import { connectionSettings, openConnection } from '../../client/temporal/connection.ts';
import type { ConnectOptions } from '../../client/temporal/connectOptions.ts';
import { grpcOf, toCustodyError } from '../../client/temporal/errors.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { missingAttributes, retentionOf } from './namespace.ts';
import { prepareNamespace } from '../temporal/namespace.ts';

/** What clusters answer that have no operator service, or do not let us use it. */
const NOT_ALLOWED: readonly number[] = [status.UNIMPLEMENTED, status.PERMISSION_DENIED, status.UNAUTHENTICATED];

/**
 * Sets a namespace up. A namespace that has everything is found out in ways that every cluster allows.
 *
 * @returns what was changed, one sentence each
 * @throws CustodyError SETUP_MISSING with what to do by hand, where the cluster allows no change
 */
export async function setUp(
  options: ConnectOptions,
  retentionDays: number,
): Promise<{ namespace: string; changes: string[] }> {
  const settings = connectionSettings(options);
  const { namespace } = settings;
  const connection = await openConnection(settings);
  try {
    if (await isSetUp(connection, namespace, retentionDays)) return { namespace, changes: [] };
    return {
      namespace,
      changes: await prepareNamespace(connection, {
        namespace,
        retentionDays,
        searchAttributes: Object.values(SEARCH_ATTRIBUTES),
      }),
    };
  } catch (error) {
    const grpc = grpcOf(error);
    if (grpc && NOT_ALLOWED.includes(grpc.code))
      throw new CustodyError('SETUP_MISSING', byHand(namespace, retentionDays, grpc.details), { cause: error });
    throw toCustodyError(error);
  } finally {
    await connection.close();
  }
}

async function isSetUp(connection: Connection, namespace: string, retentionDays: number): Promise<boolean> {
  try {
    return (
      (await retentionOf(connection, namespace)) >= retentionDays &&
      (await missingAttributes(connection, namespace)).length === 0
    );
  } catch (error) {
    if (grpcOf(error)?.code === status.NOT_FOUND) return false;
    throw error;
  }
}

/** Temporal Cloud is set up with its own tool, tcld, or in its web UI. */
const byHand = (namespace: string, days: number, details: string): string =>
  [
    `This cluster does not let a client set up the namespace '${namespace}' (${details}). Do it by hand; on ` +
      'Temporal Cloud in its web UI, or with tcld:',
    `  tcld namespace retention set --namespace ${namespace} --retention-days ${days}`,
    ...Object.values(SEARCH_ATTRIBUTES).map(
      ({ name, type }) =>
        `  tcld namespace search-attributes add --namespace ${namespace} --search-attribute ` +
        `"${name}=${TCLD_TYPES[type]}"`,
    ),
  ].join('\n');

const TCLD_TYPES = {
  KEYWORD: 'Keyword',
  DATETIME: 'Datetime',
  INT: 'Int',
  TEXT: 'Text',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  KEYWORD_LIST: 'KeywordList',
} as const;
