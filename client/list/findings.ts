import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { lister } from '../temporal/lister.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { watcherId } from '../../workflows/messages.ts';

/**
 * What the watcher of a task queue found last, the oldest first: from its memo, so that no worker is needed. Empty
 * where none runs.
 */
export async function findingsOf(client: Client, taskQueue: string): Promise<readonly Finding[]> {
  try {
    const { memo } = await lister(client).getHandle(watcherId(taskQueue)).describe();
    return Array.isArray(memo?.findings) ? (memo.findings as readonly Finding[]) : [];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}
