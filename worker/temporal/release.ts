import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from 'pino';
import { releasedSignal } from '../../workflows/messages.ts';
import type { Held } from '../../mcp/pool.ts';

/** Milliseconds in which Temporal should take the word to a session. */
const PATIENCE = 10_000;

/**
 * Tells a session that this worker gives one of its servers up, in order: it is no restart, and its next calls go
 * elsewhere. A session that cannot be told finds out by itself, and takes it for a restart.
 */
export const tellReleased =
  (client: WorkflowClient, log: Logger) =>
  async ({ sessionId, server, lease }: Held): Promise<void> => {
    try {
      await client.withDeadline(Date.now() + PATIENCE, () =>
        client.getHandle(sessionId).signal(releasedSignal, { server, lease }),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      log.warn({ sessionId, server, err: error }, 'a session could not be told that this worker gives its server up');
    }
  };
