import { status } from '@grpc/grpc-js';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { CustodyError } from '../../protocol/errors.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

/**
 * A session that writes a search attribute which the namespace does not have fails its workflow task for ever, so a
 * worker does not start without them. Temporal Cloud has no operator service; there the check is left out.
 */
export async function checkSetup(connection: NativeConnection, namespace: string, log: Logger): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (codeOf(error) === status.NOT_FOUND)
      throw new CustodyError('NAMESPACE_NOT_FOUND', `There is no namespace '${namespace}'.`, { cause: error });
    throw error;
  }
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(SEARCH_ATTRIBUTES)
      .map(({ name }) => name)
      .filter((name) => !Object.hasOwn(customAttributes, name));
    if (missing.length > 0)
      throw new CustodyError(
        'SETUP_MISSING',
        `The namespace '${namespace}' lacks the search attributes ${missing.join(', ')}.`,
      );
  } catch (error) {
    const code = codeOf(error);
    if (code !== status.UNIMPLEMENTED && code !== status.PERMISSION_DENIED && code !== status.UNAUTHENTICATED)
      throw error;
    log.warn(
      { namespace },
      'this cluster does not say which search attributes exist; `custody setup` must have been run',
    );
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
