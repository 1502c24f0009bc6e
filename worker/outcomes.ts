import { LRUCache } from 'lru-cache';
import type { Outcomes } from '../activities/deps.ts';
import type { AttemptOutcome, Intent } from '../protocol/call.ts';
import { isRepeatable } from '../protocol/call.ts';
import { Journal } from './journal.ts';

const DAY = 24 * 60 * 60 * 1000;
const MEMORY_BYTES = 64 * 1024 * 1024;

interface Entry {
  readonly key: string;
  readonly at: number;
  readonly outcome: AttemptOutcome;
}

/**
 * Outcomes of attempts, kept until Temporal surely has them: a worker stops reporting after some seconds without
 * Temporal, and what it knows would be lost (D2). Outcomes of calls that must not be repeated are on disk before they
 * are reported, so that they survive a SIGKILL; the next process under the same name answers for them.
 */
export class OutcomeStore implements Outcomes {
  private readonly known = new LRUCache<string, AttemptOutcome>({
    maxSize: MEMORY_BYTES,
    ttl: DAY,
    sizeCalculation: (outcome) => JSON.stringify(outcome).length,
  });
  private readonly running = new Map<string, Promise<AttemptOutcome>>();
  private readonly journal: Journal<Entry>;

  private constructor(journal: Journal<Entry>) {
    this.journal = journal;
  }

  /** @param file an append-only file, made when it is not there; readable by this user alone, as it holds results */
  static async open(file: string): Promise<OutcomeStore> {
    const since = Date.now() - DAY;
    const { journal, entries } = await Journal.open<Entry>(file, (entry) => entry.at > since);
    const store = new OutcomeStore(journal);
    for (const { key, outcome } of entries) store.known.set(key, outcome);
    return store;
  }

  keep(intent: Intent, attempt: () => Promise<AttemptOutcome>): Promise<AttemptOutcome> {
    const key = keyOf(intent.sessionId, intent.callId, intent.attempt);
    const ending = this.run(key, !isRepeatable(intent.effect), attempt);
    this.running.set(key, ending);
    return ending.finally(() => this.running.delete(key));
  }

  async recall(sessionId: string, callId: string, attempt: number): Promise<AttemptOutcome | null> {
    const key = keyOf(sessionId, callId, attempt);
    return this.known.get(key) ?? (await this.running.get(key)) ?? null;
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
}

const keyOf = (sessionId: string, callId: string, attempt: number): string =>
  JSON.stringify([sessionId, callId, attempt]);
