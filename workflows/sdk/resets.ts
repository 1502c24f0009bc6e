import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes.js';

/** Tells a session that it was reset. It comes to the workflow function as the second argument. */
export class Resets {
  private missed = false;
  private listener: (() => void) | undefined;

  happened(): void {
    if (this.listener) this.listener();
    else this.missed = true;
  }

  /** @param listener called at each reset, in the workflow task that replays it; at once for one that came before */
  listen(listener: () => void): void {
    this.listener = listener;
    if (this.missed) listener();
    this.missed = false;
  }
}

/**
 * Notices a reset in Temporal from inside: the history then holds a failed task of cause RESET_WORKFLOW, for which the
 * SDK (1.23) gives the workflow another random seed, at this point of every replay. Nothing else of it shows inside.
 * test/workflows/recover/reset.test.ts fails where that changes, test/workflows/sdk/faults.test.ts where the SDK tells.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const seedNow = (): string =>
    (getActivator() as unknown as { readonly randomnessSeed: readonly number[] }).randomnessSeed.join();
  const resets = new Resets();
  let seed = seedNow();
  return {
    inbound: [{ execute: (input, next) => next({ ...input, args: [input.args[0], resets] }) }],
    internals: [
      {
        activate(input, next) {
          const now = seedNow();
          if (now !== seed) resets.happened();
          seed = now;
          next(input);
        },
      },
    ],
  };
};
