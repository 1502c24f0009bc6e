import type { Client } from '@temporalio/client';
import { decode, type HistoryEvent } from '../../../audit/history.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { onAbort } from '../../sdk/onAbort.ts';
import { toCustodyError } from '../../temporal/errors.ts';
import { pagesOf } from '../../temporal/history.ts';
import { persist } from '../../temporal/persist.ts';

/** What a call that waits hears of its session. */
export interface News {
  /**
   * Resolves once something has happened that the call may wait for; at first, once the ear has reached the present.
   * True where nothing can happen any more: the session has ended.
   *
   * @throws CustodyError where the history can no longer be read, and whatever the signal was aborted with
   */
  next(signal?: AbortSignal): Promise<boolean>;
  /** Stops listening. */
  end(): void;
}

/** A call that waits. */
interface Listener {
  readonly callId: string;
  hasNews: boolean;
  wake: () => void;
}

/**
 * Follows the history of a session, over all its runs, for the calls that wait on it. Temporal holds each request until
 * something happens, so that waiting for days costs a request in twenty seconds, writes no event and needs no worker.
 *
 * What happened is never told from the events, which are many and in the session's own words: they say when it is worth
 * asking the session.
 */
export class Ear {
  readonly #client: Client;
  readonly #sessionId: string;
  readonly #onEnd: () => void;
  readonly #life = new AbortController();
  readonly #listeners = new Set<Listener>();
  /** Calls of attempts under way, by the event that began them. */
  readonly #attempts = new Map<string, unknown>();
  /** The number of the last event, in the first run, that had happened when this began to listen; 0 once it is read. */
  #behind = Infinity;
  #isOver = false;
  #failure: Error | undefined;

  /** @param onEnd called once, when nobody listens any more or nothing can be heard */
  constructor(client: Client, sessionId: string, onEnd: () => void) {
    this.#client = client;
    this.#sessionId = sessionId;
    this.#onEnd = onEnd;
    void this.#follow().catch((error: unknown) => this.#end(toCustodyError(error, sessionId)));
  }

  listen(callId: string): News {
    const listener: Listener = { callId, hasNews: this.#behind === 0, wake: () => {} };
    this.#listeners.add(listener);
    return {
      next: async (signal) => {
        await this.#heard(listener, signal);
        listener.hasNews = false;
        if (this.#failure) throw this.#failure;
        return this.#isOver;
      },
      end: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size > 0) return;
        this.#onEnd();
        this.#life.abort();
      },
    };
  }

  async #heard(listener: Listener, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (listener.hasNews || this.#isOver || this.#failure) return;
    await new Promise<void>((resolve, reject) => {
      const giveUp = signal && onAbort(signal, () => reject(signal.reason as Error));
      listener.wake = () => (giveUp?.(), resolve());
    });
  }

  async #follow(): Promise<void> {
    const handle = this.#client.workflow.getHandle(this.#sessionId);
    const abort = { connection: this.#client.connection, signal: this.#life.signal };
    const latest = () => persist(() => handle.describe(), this.#sessionId, abort);
    const { runId, historyLength } = await latest();
    this.#behind = historyLength;
    for (let run = runId, isLast = false; !isLast;) {
      // A run that came from a reset, or that the session was recovered with, follows without a word in the one before.
      const next = (await this.#followRun(run)) ?? (await latest()).runId;
      isLast = next === run;
      run = next;
      this.#tell();
    }
    this.#end();
  }

  /** @returns the run that this one continues as */
  async #followRun(runId: string): Promise<string | undefined> {
    let next: string | undefined;
    for await (const events of pagesOf(this.#client, this.#sessionId, runId, {
      follow: true,
      signal: this.#life.signal,
    })) {
      for (const event of events) {
        this.#hear(event);
        next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined;
      }
      if (this.#behind > 0 && Number(events.at(-1)?.eventId ?? 0) >= this.#behind) {
        this.#behind = 0;
        this.#tell();
      }
    }
    this.#behind = 0;
    this.#attempts.clear();
    this.#tell();
    return next;
  }

  /** A call may have its answer where an attempt of it has ended, or where the session noted or showed a change. */
  #hear(event: HistoryEvent): void {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const intent = decode(scheduled.input)[0];
      this.#attempts.set(String(event.eventId), isObject(intent) ? intent.callId : undefined);
      return;
    }
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (ended) {
      const began = String(ended.scheduledEventId);
      const callId = this.#attempts.get(began);
      this.#attempts.delete(began);
      this.#tell(typeof callId === 'string' ? callId : undefined);
    } else if (event.workflowPropertiesModifiedEventAttributes || event.upsertWorkflowSearchAttributesEventAttributes)
      this.#tell();
  }

  /** @param callId of the only call that it concerns; else all are told */
  #tell(callId?: string): void {
    if (this.#behind > 0) return;
    for (const listener of this.#listeners) {
      if (callId !== undefined && listener.callId !== callId) continue;
      listener.hasNews = true;
      listener.wake();
    }
  }

  #end(failure?: Error): void {
    this.#behind = 0;
    this.#isOver = !failure;
    this.#failure = failure;
    this.#onEnd();
    this.#tell();
  }
}
