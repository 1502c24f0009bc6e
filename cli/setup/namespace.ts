import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import { grpcOf } from '../../client/temporal/errors.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

/** What a namespace must have, and what it has, read in ways that work on every cluster, Temporal Cloud too. */

/** Sessions may live for 30 days, so their histories are kept for at least as long. */
export const RETENTION_DAYS = 30;

const DAY_SECONDS = 24 * 60 * 60;

export type Attribute = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES];

/** Days that closed runs are kept. @throws ServiceError NOT_FOUND when there is no such namespace */
export async function retentionOf({ workflowService }: Connection, namespace: string): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
}

/**
 * The search attributes that cannot be used. Visibility refuses a query that names one, so no operator service is
 * needed.
 */
export async function missingAttributes({ workflowService }: Connection, namespace: string): Promise<Attribute[]> {
  const checks = Object.values(SEARCH_ATTRIBUTES).map(async (attribute) => {
    try {
      await workflowService.countWorkflowExecutions({ namespace, query: `${attribute.name} IS NOT NULL` });
      return [];
    } catch (error) {
      if (grpcOf(error)?.code !== status.INVALID_ARGUMENT) throw error;
      return [attribute];
    }
  });
  return (await Promise.all(checks)).flat();
}
