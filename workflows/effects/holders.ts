import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import { workerQueue } from '../../protocol/workers/queues.ts';
import type { HolderAnswer } from '../../session/calls/attempts/silence.ts';
import type { Binding } from '../../session/servers/binding.ts';

/**
 * How long the worker that holds a server may take to answer for it, in milliseconds. After an outage of Temporal a
 * worker asks for tasks again within 10 s; who takes it for lost sooner destroys what the server knows.
 */
export const HOLDER_WAIT = 10_000;

/**
 * Asks workers for the servers that they hold for a session: on their own queues, which never wait behind calls. Calls
 * that want to know the same at once share one question.
 */
export class Holders {
  private readonly sessionId: string;
  private readonly asked = new Map<string, Promise<HolderAnswer>>();

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  ask(server: string, binding: Binding): Promise<HolderAnswer> {
    const { lease } = binding;
    const asked =
      this.asked.get(lease) ??
      CancellationScope.nonCancellable(() => this.question(server, binding)).finally(() => this.asked.delete(lease));
    this.asked.set(lease, asked);
    return asked;
  }

  private async question(server: string, { worker, lease }: Binding): Promise<HolderAnswer> {
    const { holdsLease } = proxyActivities<Activities>({
      taskQueue: workerQueue(workflowInfo().taskQueue, worker),
      scheduleToStartTimeout: HOLDER_WAIT,
      startToCloseTimeout: '5s',
      // A question can go to the dead process's last poll.
      retry: { maximumAttempts: 2, initialInterval: '200ms' },
      summary: `does ${worker} hold ${server}?`,
    });
    return holdsLease({ sessionId: this.sessionId, server, lease }).catch(() => null);
  }
}
