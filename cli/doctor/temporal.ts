import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import { Client } from '@temporalio/client';
import { connectionSettings, openConnection } from '../../client/temporal/connection.ts';
import type { ConnectOptions } from '../../client/temporal/connectOptions.ts';
import { grpcOf } from '../../client/temporal/errors.ts';
import { hasNoWorker } from '../../client/temporal/withWorker.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { TASK_QUEUE } from '../../protocol/workers/queues.ts';
import { DYNAMIC_CONFIG } from '../temporal/dynamicConfig.ts';
import { instantOf } from '../../audit/history.ts';
import { WATCH_EVERY, watcherId } from '../../workflows/messages.ts';
import { missingAttributes, RETENTION_DAYS, retentionOf } from '../setup/namespace.ts';
import { type Check, fail, note, ok, skip, warn } from './check.ts';

const AFTER_REACHED = ['namespace', 'retention', 'search attributes', 'worker', 'watcher', 'dynamic settings'] as const;

/** The Temporal that the options, the environment or a profile name: is it there, and set up for Custody? */
export async function checkTemporal({ taskQueue = TASK_QUEUE, ...options }: ConnectOptions): Promise<Check[]> {
  let connection: Connection;
  let settings: ReturnType<typeof connectionSettings>;
  try {
    settings = connectionSettings(options);
    connection = await openConnection(settings);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [
      fail('Temporal', error.message, `${error.remedy} On this machine \`custody dev\` starts one.`),
      ...AFTER_REACHED.map((name) => skip(name, 'Temporal is not reached')),
    ];
  }
  try {
    return [
      ok('Temporal', `answers at ${settings.connection.address}`),
      ...(await checkNamespace(connection, settings.namespace, taskQueue)),
    ];
  } finally {
    await connection.close();
  }
}

async function checkNamespace(connection: Connection, namespace: string, taskQueue: string): Promise<Check[]> {
  const [first, ...others] = AFTER_REACHED;
  let days: number;
  try {
    days = await retentionOf(connection, namespace);
  } catch (error) {
    const grpc = grpcOf(error);
    const check =
      grpc?.code === status.NOT_FOUND
        ? fail(first, `'${namespace}' does not exist`, 'Run `custody setup`.')
        : fail(
            first,
            `'${namespace}' cannot be read: ${grpc?.details ?? String(error)}`,
            'Check credentials and permissions.',
          );
    return [check, ...others.map((name) => skip(name, 'the namespace cannot be used'))];
  }
  return [
    ok(first, `'${namespace}' exists`),
    days >= RETENTION_DAYS
      ? ok('retention', `${days} days`)
      : warn(
          'retention',
          `${days} days: the history of a session is deleted so soon after it ends, each run of a long one ` +
            'after that run',
          `Run \`custody setup\`: at least ${RETENTION_DAYS} days.`,
        ),
    await searchAttributes(connection, namespace),
    await worker(connection, namespace, taskQueue),
    await watcher(connection, namespace, taskQueue),
    note(
      'dynamic settings',
      'a client cannot read them',
      `Temporal's defaults hold one session to about 10 calls a second; on a server of your own set ` +
        `${Object.keys(DYNAMIC_CONFIG).join(', ')} as deploy/dynamicconfig.yaml does.`,
    ),
  ];
}

async function searchAttributes(connection: Connection, namespace: string): Promise<Check> {
  const missing = await missingAttributes(connection, namespace);
  return missing.length === 0
    ? ok('search attributes', 'all there')
    : fail('search attributes', `missing: ${missing.map(({ name }) => name).join(', ')}`, 'Run `custody setup`.');
}

async function worker(connection: Connection, namespace: string, taskQueue: string): Promise<Check> {
  return (await hasNoWorker(new Client({ connection, namespace }), taskQueue))
    ? warn(
        'worker',
        `none polls the task queue '${taskQueue}'`,
        'Start one: `custody worker`. Sessions wait until one runs.',
      )
    : ok('worker', `polls the task queue '${taskQueue}'`);
}

/** Who notices what is done to sessions in Temporal past them. Its last event is some looks old at most. */
async function watcher(connection: Connection, namespace: string, taskQueue: string): Promise<Check> {
  const { workflowService } = connection;
  const workflowId = watcherId(taskQueue);
  const why =
    'Without it nobody notices sessions that are terminated, reset or deleted in Temporal. Workers start it: ' +
    '`custody worker`.';
  try {
    const execution = { workflowId };
    const { workflowExecutionInfo } = await workflowService.describeWorkflowExecution({ namespace, execution });
    if (workflowExecutionInfo?.closeTime) return warn('watcher', `${workflowId} has ended`, why);
    const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution,
      maximumPageSize: 1,
    });
    const idle = Date.now() - instantOf(history?.events?.[0]?.eventTime);
    return idle > 3 * WATCH_EVERY
      ? warn('watcher', `last looked around ${Math.round(idle / 60_000)} min ago`, why)
      : ok('watcher', 'looks after what is done to sessions in Temporal');
  } catch (error) {
    if (grpcOf(error)?.code === status.NOT_FOUND) return warn('watcher', 'none runs', why);
    throw error;
  }
}
