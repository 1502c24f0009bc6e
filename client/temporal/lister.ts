import { type Client, WorkflowClient } from '@temporalio/client';
import { leniently } from '../../keys/lenient.ts';

/** What lists workflows, and reads their memos where this client can; see `leniently`. */
export function lister({ connection, options }: Client): WorkflowClient {
  const { namespace, loadedDataConverter } = options;
  const payloadCodecs = loadedDataConverter.payloadCodecs.map(leniently);
  return new WorkflowClient({ connection, namespace, dataConverter: { payloadCodecs } });
}
