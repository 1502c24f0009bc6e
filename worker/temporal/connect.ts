import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { CustodyError } from '../../protocol/errors.ts';

/**
 * Connects to Temporal. Audit records go through the memo, a few at a time, so the SDK's warning above 2 KiB says
 * nothing.
 *
 * @throws CustodyError TEMPORAL_UNAVAILABLE
 */
export async function connect(options: NativeConnectionOptions): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ ...options, payloadLimits: { memoWarnSize: 0, ...options.payloadLimits } });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new CustodyError(
      'TEMPORAL_UNAVAILABLE',
      `Temporal does not answer at ${options.address ?? 'localhost:7233'}: ` +
        `${/message: "([^"]*)"/.exec(said)?.[1] ?? said}`,
      { cause: error },
    );
  }
}
