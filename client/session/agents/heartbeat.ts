import { randomUUID } from 'node:crypto';
import { CustodyError } from '../../../protocol/errors.ts';
import { commandSignal } from '../../../workflows/messages.ts';
import type { Context } from '../../context.ts';
import { persist } from '../../temporal/persist.ts';

/** Says that the agent is there. A signal: it waits for no worker. */
export const beat = ({ client, actor }: Context, id: string): Promise<void> =>
  persist(
    () => client.workflow.getHandle(id).signal(commandSignal('heartbeat'), { actor, commandId: randomUUID() }),
    id,
  );

/** Codes after which no beat can arrive any more. */
const OVER: ReadonlySet<string> = new Set(['SESSION_ENDED', 'SESSION_NOT_FOUND', 'CLIENT_CLOSED']);

/**
 * Beats at once and at intervals, until it is stopped, the session has ended, or the process has nothing else to do.
 */
export function keepBeating(beatOnce: () => Promise<void>, everyMs: number): () => void {
  let isOut = false;
  const stop = (): void => clearInterval(timer);
  const tick = (): void => {
    if (isOut) return;
    isOut = true;
    // A beat that is missed is made up by the next one; what else is wrong the agent learns from its calls.
    beatOnce()
      .catch((error: unknown) => {
        if (error instanceof CustodyError && OVER.has(error.code)) stop();
      })
      .finally(() => {
        isOut = false;
      });
  };
  const timer = setInterval(tick, everyMs);
  timer.unref();
  tick();
  return stop;
}
