import type { Client, WorkflowHandle } from '@temporalio/client';
import { decode } from '../../../audit/history.ts';
import { type Said, saidIn } from '../../../protocol/calls/said.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { opened } from '../../temporal/opened.ts';
import type { Listening } from './hear.ts';

/** Milliseconds between looks at a session, as heartbeats come each second; a call that is quicker costs none. */
const EVERY = 1000;

/**
 * What servers say while calls run: it stands in the heartbeats of attempts under way, and leaves no event. Temporal is
 * asked for it once a second for each session, however many calls wait there, and only while somebody wants to hear.
 */
export class Murmurs {
  readonly #client: Client;
  readonly #sessions = new Map<string, Set<Listening>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** @returns stops it */
  listen(sessionId: string, listening: Listening): () => void {
    const there = this.#sessions.get(sessionId);
    const all = there ?? new Set<Listening>();
    all.add(listening);
    if (!there) {
      this.#sessions.set(sessionId, all);
      void this.#follow(sessionId, all);
    }
    return () => all.delete(listening);
  }

  async #follow(sessionId: string, all: Set<Listening>): Promise<void> {
    const handle = this.#client.workflow.getHandle(sessionId);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EVERY).unref());
      if (all.size === 0) break;
      const marks = await this.#look(handle).catch(() => []);
      for (const said of marks.flatMap((mark) => saidOf(mark) ?? [])) for (const each of all) each.heard(said);
    }
    this.#sessions.delete(sessionId);
  }

  /** What the heartbeats of attempts under way say. */
  async #look(handle: WorkflowHandle): Promise<readonly unknown[]> {
    const { raw } = await handle.describe();
    const details = (raw.pendingActivities ?? []).map(({ heartbeatDetails }) => heartbeatDetails);
    return (await opened(this.#client, handle.workflowId, details)).flatMap(decode);
  }
}

const saidOf = (mark: unknown): Said | undefined => (isObject(mark) ? saidIn(mark.said) : undefined);
