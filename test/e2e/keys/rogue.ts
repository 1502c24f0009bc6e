import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { temporalAddress } from '../../support/temporal.ts';

/** Stands for a payload that is to be sent as it is, with all that it carries. */
export const copied = (payload: Payload): object => ({
  copied: {
    metadata: Object.fromEntries(Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, base64(value)])),
    data: base64(payload.data ?? new Uint8Array()),
  },
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Puts a copied payload in the place of what stands for it. */
const copying: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map((payload) => {
      const text = Buffer.from(payload.data ?? []).toString();
      if (!text.startsWith('{"copied":')) return payload;
      const { metadata, data } = (JSON.parse(text) as { copied: { metadata: Record<string, string>; data: string } })
        .copied;
      return {
        metadata: Object.fromEntries(
          Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
        ),
        data: Buffer.from(data, 'base64'),
      };
    }),
  decode: async (payloads) => payloads,
};

/** Somebody who reaches the namespace, with a worker of their own and no key. */
export interface Rogue {
  readonly client: Client;
  readonly taskQueue: string;
  /** Runs one of the workflows of rogueWorkflows.ts. @param id random by default */
  run(workflow: string, input: unknown, id?: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startRogue(): Promise<Rogue> {
  const address = temporalAddress();
  const taskQueue = `rogue-${randomUUID()}`;
  const [connection, native] = [await Connection.connect({ address }), await NativeConnection.connect({ address })];
  const client = new Client({ connection });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./rogueWorkflows.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
    dataConverter: { payloadCodecs: [copying] },
  });
  const running = worker.run();
  return {
    client,
    taskQueue,
    run: (workflow, input, id = `rogue-${randomUUID()}`) =>
      client.workflow.execute(workflow, { taskQueue, workflowId: id, args: [input] }),
    async stop() {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
    },
  };
}
