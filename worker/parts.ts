import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { ActivityDeps } from '../activities/deps.ts';
import { Scanner } from '../activities/scan/scanner.ts';
import { TASK_QUEUE } from '../protocol/workers/queues.ts';
import { leniently } from '../keys/lenient.ts';
import { strictly } from '../keys/strict.ts';
import { FolderStore } from '../store/folder.ts';
import { problemOfFolder, storeFolder } from '../store/location.ts';
import { ValueFolder } from '../store/values.ts';
import { configurationOf } from './configuration.ts';
import { BriefEngine } from '../cedar/engine/brief.ts';
import { loadPolicySets } from '../cedar/load.ts';
import { connectionsOf } from './connections.ts';
import { type Sealing, sealingOf } from './evidence/sealing.ts';
import { moveIn } from './identity/home.ts';
import { noticesOf } from './notices.ts';
import type { WorkerOptions } from './options.ts';
import { OutcomeStore } from './outcomes/store.ts';
import { policiesOf } from './policies.ts';
import { principalsOf } from './principals.ts';
import { openSeal, type Seal } from './seal.ts';
import { slotsOf } from './slots.ts';
import { openTelemetry, type OpenTelemetry } from './telemetry.ts';
import { budgetsOf } from './temporal/budgets.ts';
import { heartbeatsOf } from './temporal/heartbeats.ts';
import { lookoutOf } from './temporal/lookout.ts';
import { runsOf } from './temporal/runs.ts';

/** Calls at once on the stateful servers of a worker. */
const MAX_CALLS = 100;

/** What a worker has beside its pollers. */
export interface Parts {
  readonly deps: ActivityDeps;
  readonly sealing: Sealing;
  readonly connections: ReturnType<typeof connectionsOf>;
  readonly client: Client;
  readonly seal: Seal;
  readonly metrics: OpenTelemetry['metrics'];
  readonly taskQueue: string;
  /** Absolute folder of the payload store. */
  readonly store: string;
  /** Says that all calls of this process ended in order. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** Takes a name and opens all that its worker lends to the activities. */
export async function openParts(connection: NativeConnection, options: WorkerOptions): Promise<Parts> {
  const { config, namespace, log, taskQueue = TASK_QUEUE } = options;
  const seal = await openSeal(config, log, options.deployment);
  const engine = new BriefEngine();
  const scanner = new Scanner();
  const policies = policiesOf(await loadPolicySets(config.policies, engine));
  const payloads = new FolderStore(storeFolder(options.store ?? config.store?.folder));
  const problem = await problemOfFolder(payloads.dir);
  if (problem !== undefined)
    log.warn(
      { store: payloads.dir, problem },
      'the payload store cannot be used: results above 64 KiB are kept as hash, size and preview alone',
    );
  const home = await moveIn(options.name, options.stateDir);
  const leave = async (error: unknown): Promise<never> => {
    await home.leave();
    throw error;
  };
  const outcomes = await OutcomeStore.open(join(home.dir, 'outcomes.jsonl'), { namespace, taskQueue }).catch(leave);
  const clientWith = (codec: PayloadCodec): Client =>
    new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
  const client = clientWith(seal.codec);
  const listing = clientWith(leniently(seal.codec)).workflow;
  const strict = clientWith(strictly(seal.codec));
  const telemetry = await openTelemetry(config, home.identity, client, taskQueue, log).catch(async (error: unknown) => {
    await outcomes.close();
    return leave(error);
  });
  const connections = connectionsOf(config, log);
  const sealing = sealingOf(config, client, taskQueue, log);
  const deps: ActivityDeps = {
    worker: home.identity,
    config: configurationOf(config),
    connections,
    outcomes,
    payloads,
    values: new ValueFolder(payloads.dir),
    runs: runsOf(listing, strict),
    budgets: budgetsOf(listing, strict, taskQueue),
    principals: principalsOf(config.principals),
    lookout: lookoutOf(client, listing, taskQueue),
    evidence: sealing,
    notices: noticesOf(config, client, taskQueue, log),
    telemetry: telemetry.attempts,
    policies,
    scanner,
    slots: slotsOf(options.maxCalls ?? MAX_CALLS),
    ...heartbeatsOf(client, seal.codec),
  };
  return {
    deps: options.wrap?.(deps) ?? deps,
    sealing,
    connections,
    client,
    seal,
    metrics: telemetry.metrics,
    taskQueue,
    store: payloads.dir,
    drained: () => home.drained(),
    async close() {
      await connections.closeAll();
      await outcomes.close();
      await engine.close();
      await scanner.close();
      await telemetry.close();
      await home.leave();
    },
  };
}
