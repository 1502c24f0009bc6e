import { LRUCache } from 'lru-cache';
import type { Outcomes } from '../../activities/deps.ts';
import { type AttemptId, type AttemptOutcome, type Intent, isRepeatable } from '../../protocol/calls/call.ts';
import { isObject } from '../../protocol/values/json.ts';
import { Journal } from './journal.ts';

const DAY = 24 * 60 * 60 * 1000;
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Where a worker works: sessions of other namespaces and task queues are not its own. */
export interface Place {
  readonly namespace: string;
  readonly taskQueue: string;
}

interface Entry {
  readonly key: string;
  readonly at: number;
  readonly outcome: AttemptOutcome;
}

/**
 * Outcomes of attempts, kept until Temporal surely has them: a worker stops reporting after some seconds without
 * Temporal, and what it knows would be lost. Outcomes of calls that must not be repeated are on disk before they are
 * reported, so that they survive a SIGKILL; the next process under the same name answers for them.
 *
 * An outcome answers for one attempt alone: all that tells it from others is in its key, with the place where it ran.
 */
export class OutcomeStore implements Outcomes {
  private readonly known = new LRUCache<string, AttemptOutcome>({
    maxSize: MEMORY_BYTES,
    ttl: DAY,
    sizeCalculation: (outcome) => JSON.stringify(outcome).length,
  });
  private readonly running = new Map<string, Promise<AttemptOutcome>>();
  private readonly journal: Journal<Entry>;
  private readonly place: Place;

  private constructor(journal: Journal<Entry>, place: Place) {
    this.journal = journal;
    this.place = place;
  }

  /** @param file an append-only file, made when it is not there; readable by this user alone, as it holds results */
  static async open(file: string, place: Place): Promise<OutcomeStore> {
    const since = Date.now() - DAY;
    const isKept = (value: unknown): value is Entry => isEntry(value) && value.at > since;
    const { journal, entries } = await Journal.open(file, isKept);
    const store = new OutcomeStore(journal, place);
    for (const { key, outcome } of entries) store.known.set(key, outcome);
    return store;
  }

  keep(intent: Intent, attempt: () => Promise<AttemptOutcome>): Promise<AttemptOutcome> {
    const key = this.keyOf(intent);
    const ending = this.run(key, !isRepeatable(intent.effect), attempt);
    this.running.set(key, ending);
    return ending.finally(() => {
      if (this.running.get(key) === ending) this.running.delete(key);
    });
  }

  /** An attempt that is under way now comes before what is kept of one. */
  async recall(attempt: AttemptId): Promise<AttemptOutcome | null> {
    const key = this.keyOf(attempt);
    return (await this.running.get(key)) ?? this.known.get(key) ?? null;
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private async run(key: string, durable: boolean, attempt: () => Promise<AttemptOutcome>): Promise<AttemptOutcome> {
    const outcome = await attempt();
    this.known.set(key, outcome);
    if (durable) await this.journal.append({ key, at: Date.now(), outcome });
    return outcome;
  }

  private keyOf({ chain, sessionId, callId, attempt, digest }: AttemptId): string {
    const { namespace, taskQueue } = this.place;
    return JSON.stringify([namespace, taskQueue, chain, sessionId, callId, attempt, digest]);
  }
}

const isEntry = (value: unknown): value is Entry =>
  isObject(value) &&
  typeof value.key === 'string' &&
  typeof value.at === 'number' &&
  isObject(value.outcome) &&
  typeof value.outcome.kind === 'string';
