import type { Client } from '@temporalio/client';
import { Ear, type News } from './ear.ts';

/** One ear for each session on which calls of this client wait, however many of them do. */
export class Ears {
  readonly #client: Client;
  readonly #open = new Map<string, Ear>();

  constructor(client: Client) {
    this.#client = client;
  }

  listen(sessionId: string, callId: string): News {
    return (this.#open.get(sessionId) ?? this.#openEar(sessionId)).listen(callId);
  }

  #openEar(sessionId: string): Ear {
    const ear = new Ear(this.#client, sessionId, () => {
      if (this.#open.get(sessionId) === ear) this.#open.delete(sessionId);
    });
    this.#open.set(sessionId, ear);
    return ear;
  }
}
