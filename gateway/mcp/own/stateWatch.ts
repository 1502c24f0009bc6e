import { setTimeout as delay } from 'node:timers/promises';
import { listed } from '../../../protocol/values/text.ts';
import type { SessionHandle } from '../../../client/index.ts';

/** How often Temporal is asked, in milliseconds. It answers by itself: neither a worker nor the session hears of it. */
const INTERVAL = 5000;

/** What a person has to do, in words for an agent; the rest it is told with the call itself. */
const WAITS_FOR: { readonly [pending: string]: string } = {
  approve: 'an approval by a person',
  resolve: 'a person to say how a call ended',
  topUp: 'money',
  extend: 'more time',
  resume: 'a person to let it go on',
};

/** Follows the state of a session from afar. */
export class StateWatch {
  #state: string | undefined;
  #pending: readonly string[] = [];
  #hasEnded = false;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** In words. */
  get state(): string {
    if (this.#state === undefined) return 'the state of the session is not known';
    const waits = this.#pending.flatMap((each) => WAITS_FOR[each] ?? []);
    return `the session is ${this.#state}${waits.length === 0 ? '' : `, and waits for ${listed(waits)}`}`;
  }

  /** Looks until `life` is aborted. @param onRunning called when the session goes on after it did not */
  async run(session: SessionHandle, life: AbortSignal, onRunning: () => void): Promise<void> {
    while (!life.aborted) {
      const seen = await session.state().catch(() => undefined);
      const { state, ended, pending } = seen ?? { state: this.#state, ended: false, pending: this.#pending };
      const goesOn = this.#state !== undefined && this.#state !== 'RUNNING' && state === 'RUNNING';
      this.#state = state;
      this.#pending = pending;
      if (goesOn) onRunning();
      this.#hasEnded = ended;
      if (ended) return;
      await delay(INTERVAL, undefined, { signal: life }).catch(() => undefined);
    }
  }
}
