import { setTimeout as delay } from 'node:timers/promises';
import type { SessionHandle } from '../../../client/index.ts';

/** How often Temporal is asked, in milliseconds. It answers by itself: neither a worker nor the session hears of it. */
const INTERVAL = 5000;

/** Follows the state of a session from afar. */
export class StateWatch {
  #state: string | undefined;

  /** In words. */
  get state(): string {
    return this.#state === undefined ? 'the state of the session is not known' : `the session is ${this.#state}`;
  }

  /** Looks until `life` is aborted. @param onRunning called when the session goes on after it did not */
  async run(session: SessionHandle, life: AbortSignal, onRunning: () => void): Promise<void> {
    while (!life.aborted) {
      const { state, ended } = await session.state().catch(() => ({ state: this.#state, ended: false }));
      const goesOn = this.#state !== undefined && this.#state !== 'RUNNING' && state === 'RUNNING';
      this.#state = state;
      if (goesOn) onRunning();
      if (ended) return;
      await delay(INTERVAL, undefined, { signal: life }).catch(() => undefined);
    }
  }
}
