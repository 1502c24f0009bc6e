import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { evidenceActivities } from '../../activities/evidence/index.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { TASK_QUEUE } from '../../protocol/workers/queues.ts';
import { FolderStore } from '../../store/folder.ts';
import { storeFolder } from '../../store/location.ts';
import { ValueFolder } from '../../store/values.ts';
import type { WorkerOptions } from '../options.ts';
import { principalsOf } from '../principals.ts';
import { openSeal } from '../seal.ts';
import { admission } from '../temporal/admission.ts';
import { chainsOf } from '../temporal/chains.ts';
import { connect } from '../temporal/connect.ts';
import { sealingPoller, shutDown } from '../temporal/pollers.ts';
import { sealingOf } from './sealing.ts';

/** What a sealer is made from: a worker's options, as far as it needs them. */
export type SealerOptions = Pick<
  WorkerOptions,
  'connection' | 'namespace' | 'log' | 'taskQueue' | 'store' | 'deployment'
> & {
  readonly name: string;
  readonly config: Pick<OperatorConfig, 'dir' | 'evidence' | 'deployment' | 'store' | 'principals'>;
};

/** Milliseconds that sealing under way gets when it is stopped. */
const GRACE = 10_000;

export interface Sealer {
  /** Works until `stop`; then ends what is under way. */
  run(): Promise<void>;
  stop(): void;
}

/**
 * A worker that seals, and does nothing else.
 *
 * @throws CustodyError TEMPORAL_UNAVAILABLE, SECRET_MISSING, KEY_INVALID
 */
export async function createSealer(options: SealerOptions): Promise<Sealer> {
  const { config, namespace, log, name, taskQueue = TASK_QUEUE, store } = options;
  const connection = await connect(options.connection);
  try {
    const seal = await openSeal(config, log, options.deployment);
    const client = new Client({ connection, namespace, dataConverter: { payloadCodecs: [seal.codec] } });
    const evidence = sealingOf(config, client, taskQueue, log);
    const payloads = new FolderStore(storeFolder(store ?? config.store?.folder));
    const values = new ValueFolder(payloads.dir);
    const principals = principalsOf(config.principals);
    const poller = await sealingPoller(
      {
        connection,
        namespace,
        taskQueue,
        worker: { name, boot: randomUUID() },
        grace: GRACE,
        seal,
        interceptors: [admission({ isKeyed: seal.isKeyed, chainOf: chainsOf(client) })],
      },
      evidenceActivities({ evidence, payloads, values, principals }),
    );
    return {
      run: () => poller.run().finally(() => connection.close()),
      stop: () => shutDown(poller),
    };
  } catch (error) {
    await connection.close().catch(() => undefined); // An open one keeps the process alive.
    throw error;
  }
}
