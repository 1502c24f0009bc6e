import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps.ts';
import type { OperatorConfig } from '../config/operator.ts';

/** Keys of a deployment, as `custody keys` writes them: the first one writes, all of them read. */
export interface DeploymentKeys {
  readonly keys: readonly string[];
  /** What the worker writes is encrypted; `off` by default. */
  readonly encryption?: 'on' | 'off' | undefined;
  /** Epoch milliseconds; see `Unproven.until`. */
  readonly acceptUnsignedUntil?: number | undefined;
}

/** What a worker is made from. */
export interface WorkerOptions {
  readonly config: OperatorConfig;
  readonly connection: NativeConnectionOptions;
  readonly namespace: string;
  readonly log: Logger;
  /** Kept over restarts; the host's name by default. */
  readonly name?: string | undefined;
  readonly taskQueue?: string | undefined;
  /** Where state that must survive the process is kept. */
  readonly stateDir?: string | undefined;
  /**
   * Folder of the payload store; else `store.folder` of the configuration, else $CUSTODY_STORE, else the user's data
   * folder.
   */
  readonly store?: string | undefined;
  /** Sessions kept in memory at once; the SDK's choice by default. */
  readonly maxCachedSessions?: number | undefined;
  /**
   * Milliseconds between the looks of the watcher that this worker sees to; without it the worker leaves that to
   * others.
   */
  readonly watchEvery?: number | undefined;
  /** Calls at once on the stateful servers that it holds; 100 by default. */
  readonly maxCalls?: number | undefined;
  /** Keys where the configuration names none. */
  readonly deployment?: DeploymentKeys | undefined;
  /** A process of the lowest priority does the sealing, so that no call waits for it; else this one does. */
  readonly sealsApart?: boolean | undefined;
  /** For tests of faults: stands between the activities and what they use. */
  readonly wrap?: ((deps: ActivityDeps) => ActivityDeps) | undefined;
}
