import { CancellationScope, sleep } from '@temporalio/workflow';

/**
 * One timer, for the next instant. One that fires too early costs less than one that is cancelled
 * (docs/decisions/0008).
 */
export class Alarm {
  readonly #ring: () => void;
  #timer: { readonly at: number; readonly scope: CancellationScope } | undefined;

  /** @param ring called when the timer fires */
  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Sees to it that it rings at that instant, in epoch milliseconds, or earlier. */
  set({ at, what }: { readonly at: number; readonly what: string }): void {
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.scope.cancel();
    const scope = new CancellationScope();
    const timer = { at, scope };
    this.#timer = timer;
    scope
      .run(() => sleep(Math.max(1, at - Date.now()), { summary: what }))
      .then(
        () => {
          if (this.#timer === timer) this.#timer = undefined;
          this.#ring();
        },
        () => undefined,
      );
  }
}
