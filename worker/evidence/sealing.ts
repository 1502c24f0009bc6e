import type { Client } from '@temporalio/client';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Evidence, Reading } from '../../activities/evidence/deps.ts';
import { openLog, openNamespaceLog } from '../../evidence/log.ts';
import { runsSince } from '../../client/temporal/runs.ts';
import { valuesNamed } from '../../client/temporal/values.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { keptAt } from './kept.ts';
import { forget, standingOf } from './forget.ts';
import { outsideOf } from './outside.ts';
import { lookSignal, SEAL_TYPE, sealId, type SealInput, TASK_TIMEOUT } from '../../workflows/messages.ts';
import { tellLog } from './tellLog.ts';
import { apart } from '../temporal/apart.ts';

/** A session is looked at after so many of its activities, or so many milliseconds, whichever comes first. */
const ACTIVITIES = 512;
const EVERY = 60_000;
/** Of one that is seen for the first time the first look waits: a short one is over by then, and looked at once. */
const FIRST = '60s';
/** Sessions that are kept in mind. */
const MOST = 10_000;

/** Runs of which is kept what was read, and bytes of their raw histories. */
const READINGS = 1000;
const RAW_BYTES = 64 * 1024 * 1024;

/** Sees to it that sessions are sealed. */
export interface Sealing extends Evidence {
  /** An activity of a session ran. @param isLast of the session */
  saw(session: string, isLast: boolean): void;
}

/** Seals what sessions do, where custody.yaml says that evidence is kept: by one workflow for each session. */
export function sealingOf(
  config: Pick<OperatorConfig, 'dir' | 'evidence'>,
  client: Client,
  taskQueue: string,
  log: Logger,
): Sealing {
  const seen = new LRUCache<string, { count: number; at: number }>({ max: MOST });
  const tell = (session: string, isFirst: boolean): void => {
    const input: SealInput = {};
    void apart((typedSearchAttributes) =>
      client.workflow.signalWithStart(SEAL_TYPE, {
        workflowId: sealId(session),
        taskQueue,
        args: [input],
        signal: lookSignal,
        signalArgs: [],
        workflowTaskTimeout: TASK_TIMEOUT,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        ...(isFirst ? { startDelay: FIRST } : {}),
        staticSummary: 'the evidence of a session',
        typedSearchAttributes,
      }),
    ).catch((error: unknown) => {
      // The next activity tries again.
      seen.delete(session);
      log.warn({ session, error }, 'a session cannot be sealed just now');
    });
  };
  return {
    log: (session) => openLog(config, client.options.namespace, session),
    namespaceLog: (queue) => openNamespaceLog(config, client.options.namespace, queue),
    list: (leaves) => tellLog(client, taskQueue, leaves),
    outside: () => outsideOf(config),
    runs: (session, from, known) => runsSince(client, session, from, known),
    readings: new LRUCache<string, Reading>({
      max: READINGS,
      maxSize: RAW_BYTES,
      sizeCalculation: ({ raw }) => 1 + (raw?.bytes ?? 0),
    }),
    kept: (session) => keptAt(config, client.options.namespace, session),
    standing: (session) => standingOf(client, session),
    named: (whose, among) => valuesNamed(client, whose, among),
    forget: (session) => forget(client, session),
    saw(session, isLast) {
      if (!config.evidence) return;
      const now = Date.now();
      const known = seen.get(session);
      if (known) known.count += 1;
      if (known && !isLast && known.count < ACTIVITIES && now - known.at < EVERY) return;
      seen.set(session, { count: 0, at: now });
      tell(session, known === undefined && !isLast);
    },
  };
}
